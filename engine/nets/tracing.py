"""Tracing a network symbolically without touching it.

Names of operations are those of ``torchvision.models.feature_extraction``.
"""

import copy
import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torchvision
from torch import fx, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry
from torchvision.models.feature_extraction import NodePathTracer

_LEAVES = (
    torchvision.ops.Permute,
    torchvision.ops.StochasticDepth,
    torchvision.ops.FrozenBatchNorm2d,
)
# torch.fx patches nn.Module.__call__ while it traces; two traces at once would undo each other's
# patch in the wrong order and leave one behind for the whole process.
_TRACING = threading.Lock()


class MacCounter(TorchDispatchMode):
    """Adds up the multiply-adds of what runs inside, by torch's own formulas.

    ``activations`` are the numbers that come out of what multiplies (Radosavovic et al. 2020).
    """

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0
        self.activations = 0

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        formula = flop_registry.get(func._overloadpacket)
        if formula is not None:
            self.macs += formula(*args, **(kwargs or {}), out_val=out) // 2
            first = out[0] if isinstance(out, tuple) else out
            self.activations += first.numel()
        return out


class _Tracer(NodePathTracer):
    """Leaves the calls of other threads alone while torch.fx has ``nn.Module`` patched."""

    def __init__(self) -> None:
        super().__init__(autowrap_modules=(math, torchvision.ops), leaf_modules=_LEAVES)
        self._thread = threading.get_ident()
        self._uses: Counter[str] = Counter()

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def _get_node_qualname(self, module_qualname: str, node: fx.Node) -> str:
        """torchvision's rule, in one look-up: it scans all earlier names for each new one."""
        name = module_qualname
        if node.op != "call_module":
            name = f"{name}.{node}" if name else str(node)
        name = re.sub(r"(?<=.)_[0-9]+$", "", name)
        uses = self._uses[name]
        self._uses[name] += 1
        return f"{name}_{uses}" if uses else name


def weightless_twin(model: nn.Module) -> nn.Module:
    """A copy in eval mode whose parameters and buffers have shapes but no values."""
    memo: dict[int, Any] = {}
    for param in model.parameters():
        memo[id(param)] = nn.Parameter(param.detach().to("meta"), param.is_floating_point())
    for buffer in model.buffers():
        memo[id(buffer)] = buffer.detach().to("meta")
    return copy.deepcopy(model, memo).eval()


def trace_operations(model: nn.Module) -> tuple[fx.Graph, Mapping[fx.Node, str]]:
    """A network's operations in execution order, and the qualified name of each.

    Safe while other threads run networks, and while they trace.
    """
    with _TRACING:
        tracer = _Tracer()
        graph = tracer.trace(model)
    return graph, tracer.node_to_qualname
