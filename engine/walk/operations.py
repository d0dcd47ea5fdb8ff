"""The operations of a network in the order in which they run, and what one picture makes of each.

The operations are those of a symbolic trace of a weightless twin (:mod:`engine.nets.graph`), and
their outputs those of an ordinary forward pass over it: bit for bit what the network itself
computes. The network is neither hooked nor changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, fx, nn

from engine.nets.axes import layout_of
from engine.nets.graph import NetGraph, NodeFact, trace_net
from engine.nets.kinds import call_name
from engine.trainable.transfer import Transfer

SOFTMAX = "softmax"
Layout = Literal["map", "vector"]


@dataclass(frozen=True)
class Operation:
    """One operation of a network.

    Attributes:
        name: as in ``torchvision.models.feature_extraction``, "features.0".
        kind: see :func:`engine.nets.kinds.kind_of`; the last one, "softmax", is added to the net.
        call: its module's class or the function, "Conv2d", "cat".
        inputs: names of the operations whose outputs it takes, in order.
        layout: "map" gives (C, H, W), "vector" (F,); None is neither of them, as the tokens of a
            transformer are.
        shape: of the output without its batch axis, as ``layout`` says; () where that is None.
        channels_last: whether the network keeps this map as (N, H, W, C).
    """

    name: str
    kind: str
    call: str
    inputs: tuple[str, ...]
    layout: Layout | None
    shape: tuple[int, ...]
    channels_last: bool = False


@dataclass(frozen=True, eq=False)
class WalkPlan:
    """What is known of a network before it sees anything; holds for all weights of its kind.

    Attributes:
        graph: its traced operations.
        operations: by name, in the order in which they run, from "input" to "softmax".
        nodes: operation → its node in the graph; the softmax has none.
    """

    graph: NetGraph
    operations: Mapping[str, Operation]
    nodes: Mapping[str, fx.Node]

    @property
    def input_name(self) -> str:
        """The name of the operation that is the picture."""
        return next(iter(self.operations))


@dataclass(frozen=True, eq=False)
class Walk:
    """What one picture makes of a network's operations.

    Attributes:
        net: the network that ran (of a :class:`Transfer` its backbone); only read.
        plan: its operations.
        outputs: operation → float32 (C, H, W) or (F,), for those that were asked for.
        logits: float32 (classes,).
        probs: float32 (classes,), their softmax.
    """

    net: nn.Module
    plan: WalkPlan
    outputs: Mapping[str, Tensor]
    logits: Tensor
    probs: Tensor

    def module_of(self, name: str) -> nn.Module | None:
        """The module, with its weights, that an operation calls; None for a function."""
        node = self.plan.nodes.get(name)
        if node is None or node.op != "call_module":
            return None
        return self.net.get_submodule(str(node.target))


def plan_walk(net: nn.Module, input_shape: tuple[int, int, int]) -> WalkPlan:
    """Traces a network, which takes 10 ms to seconds: hold on to the plan.

    Args:
        net: (N, C, H, W) → logits (N, classes). It is only read.
        input_shape: (C, H, W) of its pictures.
    """
    channels, height, width = input_shape
    if isinstance(net, Transfer):
        channels, (height, width) = 3, net.size
    graph = trace_net(_walked(net), (height, width), channels)
    operations, nodes = {}, {}
    for node, fact in graph.facts.items():
        if fact.kind == "output":
            continue
        operations[fact.name] = _operation(graph, node, fact)
        nodes[fact.name] = node
    logits = next(reversed(operations.values()))
    operations[SOFTMAX] = Operation(
        SOFTMAX, "softmax", "softmax", (logits.name,), "vector", logits.shape
    )
    return WalkPlan(graph, operations, nodes)


def _walked(net: nn.Module) -> nn.Module:
    return net.backbone if isinstance(net, Transfer) else net


def _operation(graph: NetGraph, node: fx.Node, fact: NodeFact) -> Operation:
    module = graph.module_of(node)
    call = call_name(node) if module is None else type(module).__name__
    inputs = tuple(graph.facts[each].name for each in node.all_input_nodes)
    layout, shape, last = _layout(fact)
    return Operation(fact.name, fact.kind, call, inputs, layout, shape, last)


def _layout(fact: NodeFact) -> tuple[Layout | None, tuple[int, ...], bool]:
    if len(fact.tensors) != 1 or fact.kind == "constant":
        return None, (), False
    shape, axes = fact.tensors[0].shape[1:], fact.tensors[0].axes
    if len(shape) == 1:
        return "vector", shape, False
    if len(shape) == 3 and shape[1:] == (1, 1):
        return "vector", shape[:1], False
    if len(shape) == 3 and shape[:2] == (1, 1):
        return "vector", shape[2:], False
    found = layout_of(axes)
    if found == "NHWC":
        return "map", (shape[2], *shape[:2]), True
    return ("map", shape, False) if found == "NCHW" else (None, (), False)


def walk(net: nn.Module, plan: WalkPlan, x: Tensor, kept: Collection[str] | None = None) -> Walk:
    """Runs the network on one picture and keeps what its operations gave.

    Args:
        net: in eval mode; what ``plan`` was made for.
        plan: its operations.
        x: float32 (1, C, H, W), as the network takes it.
        kept: operations whose outputs are wanted; by default all that give maps or vectors.

    Raises:
        ValueError: the network is in training mode.
    """
    if any(module.training for module in net.modules()):
        raise ValueError("The network must be in eval mode.")
    with torch.no_grad():
        fitted = net.fit(x) if isinstance(net, Transfer) else x
        run = _KeepingRun(_walked(net), plan, set(plan.operations if kept is None else kept))
        logits = run.run(fitted)[0]
        probs = logits.softmax(dim=0)
    if kept is None or SOFTMAX in kept:
        run.outputs[SOFTMAX] = probs
    return Walk(_walked(net), plan, run.outputs, logits, probs)


class _KeepingRun(fx.Interpreter):
    """Copies each output at once: a later in-place activation would overwrite it."""

    def __init__(self, net: nn.Module, plan: WalkPlan, kept: set[str]) -> None:
        super().__init__(net, graph=plan.graph.graph)
        self.extra_traceback = False
        self.outputs: dict[str, Tensor] = {}
        self._plan = plan
        self._kept = kept

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        name = self._plan.graph.facts[n].name
        operation = self._plan.operations.get(name)
        if operation is not None and operation.layout is not None and name in self._kept:
            turned = value[0].movedim(-1, 0) if operation.channels_last else value[0]
            self.outputs[name] = turned.clone(memory_format=torch.contiguous_format).reshape(
                operation.shape
            )
        return value
