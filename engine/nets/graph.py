"""The operations of a network in the order in which they run, and which of them give maps.

The network is traced symbolically (torchvision's ``NodePathTracer``, so names are those of
``torchvision.models.feature_extraction``) and its shapes are found on the meta device: nothing is
computed. Both are done on a twin without weights, so a shared model is only ever read.
torchvision's ``create_feature_extractor`` would switch the model to training mode meanwhile.

Containers that torchvision treats as one leaf (``Conv2dNormActivation``, ``SqueezeExcitation``,
``MLP``) are entered: convolution, norm and activation are nodes of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from engine.errors import InputError
from engine.nets.axes import Axes, axes_after, layout_of, nchw, resized
from engine.nets.kinds import kind_of
from engine.nets.tracing import MacCounter, trace_operations, weightless_twin

_BATCH = 2  # a batch axis of size one could not be told from an axis that stands for nothing

_SHAPE_KEEPING = {"norm", "activation", "identity"}


@dataclass(frozen=True)
class TensorFact:
    """What is known of one tensor: ``shape`` (N, …), bytes of one picture, axes if known."""

    shape: tuple[int, ...]
    bytes: int
    axes: Axes | None


@dataclass(frozen=True)
class NodeFact:
    """What is known of one node for one picture size.

    Attributes:
        name: qualified name, for example ``features.3.conv.1.0``.
        kind: kind of operation, see :func:`engine.nets.kinds.kind_of`.
        tensors: facts of the tensors that come out: one, several, or none.
        params: learnt numbers that are first used here.
        macs: multiply-adds for one picture.
        activations: numbers that come out of what multiplies, for one picture.
    """

    name: str
    kind: str
    tensors: tuple[TensorFact, ...]
    params: int
    macs: int
    activations: int


@dataclass(frozen=True)
class MapNode:
    """A node that gives a spatial map.

    Attributes:
        name, kind, params, macs: as in :class:`NodeFact`.
        channels: number of channels.
        size: (rows, columns) of the map.
        channels_last: whether the network itself keeps the map as (N, H, W, C).
        bytes: size of the map of one picture.
        params_so_far, macs_so_far: sums over everything that ran up to and with this node.
    """

    name: str
    kind: str
    channels: int
    size: tuple[int, int]
    channels_last: bool
    bytes: int
    params: int
    macs: int
    params_so_far: int
    macs_so_far: int


@dataclass(frozen=True)
class NetGraph:
    """A traced network for one picture size. Hold on to it: making one takes 0.05 to 4 s.

    Attributes:
        graph: the operations; run them with the model that was traced.
        modules: the weightless twin's modules by name.
        facts: what is known of each node, in execution order.
        input_size: (H, W) of the picture that the facts hold for.
        maps: the nodes that give a spatial map, by name, in execution order.
        nodes: every node by its qualified name.
    """

    graph: fx.Graph
    modules: Mapping[str, nn.Module]
    facts: Mapping[fx.Node, NodeFact]
    input_size: tuple[int, int]
    maps: Mapping[str, MapNode]
    nodes: Mapping[str, fx.Node]

    def module_of(self, node: fx.Node) -> nn.Module | None:
        """The (weightless) module that a node calls; None if it calls none."""
        return self.modules[str(node.target)] if node.op == "call_module" else None

    def map_name(self, name: str) -> str:
        """The node behind a name: a map node's own, or a block's, which means its last map.

        Raises:
            InputError: ``net_layer_unknown`` if there is no such map.
        """
        if name in self.maps:
            return name
        inside = [other for other in self.maps if other.startswith(f"{name}.")]
        if not inside:
            names = list(self.maps)
            first, last = (names[0], names[-1]) if names else ("–", "–")
            raise InputError("net_layer_unknown", name=name, first=first, last=last)
        return inside[-1]


class _ShapeRun(fx.Interpreter):
    """Runs the weightless twin on the meta device and notes what comes out of each node."""

    def __init__(self, twin: nn.Module, graph: fx.Graph, names: Mapping[fx.Node, str]) -> None:
        super().__init__(twin, graph=graph)
        self.facts: dict[fx.Node, NodeFact] = {}
        self._names = names
        self._counted: set[int] = set()
        self._sees_picture: set[fx.Node] = set()

    def run_node(self, n: fx.Node) -> Any:
        module = self.submodules[str(n.target)] if n.op == "call_module" else None
        kind = kind_of(n, module)
        with MacCounter() as counter:
            if module is not None and kind in _SHAPE_KEEPING:  # spares two thirds of the work
                value = self.fetch_args_kwargs_from_env(n)[0][0]
            else:
                value = super().run_node(n)
        if kind == "input" or not self._sees_picture.isdisjoint(n.all_input_nodes):
            self._sees_picture.add(n)
        pictures = _BATCH if n in self._sees_picture else 1
        self.facts[n] = NodeFact(
            name=self._names.get(n, str(n)),
            kind=kind,
            tensors=self._tensors(n, kind, module, value),
            params=self._new_params(value if n.op == "get_attr" else module),
            macs=counter.macs // pictures,
            activations=counter.activations // pictures,
        )
        return value

    def _tensors(
        self, n: fx.Node, kind: str, module: nn.Module | None, value: Any
    ) -> tuple[TensorFact, ...]:
        several = isinstance(value, tuple | list)
        inputs = [
            (tensor.shape, tensor.axes)
            for source in n.all_input_nodes
            for tensor in self.facts[source].tensors
        ]
        source = n.all_input_nodes[0] if n.all_input_nodes else None
        parts = self.facts[source].tensors if source else ()
        if kind == "select" and len(parts) > 1 and isinstance(n.args[1], int):
            return (parts[n.args[1]],)
        facts = []
        for tensor in value if several else (value,):
            if not isinstance(tensor, Tensor):
                continue
            shape = tuple(tensor.shape)
            if n not in self._sees_picture:
                axes = None
            elif kind == "input":
                axes = nchw(shape)
            elif several:
                whole = inputs[0][1] if kind == "split" else None
                axes = resized(whole, shape) if whole else None
            else:
                axes = axes_after(n, kind, module, inputs, shape)
            bytes_ = tensor.numel() * tensor.element_size() // _BATCH
            facts.append(TensorFact(shape, bytes_, axes))
        return tuple(facts)

    def _new_params(self, owner: Any) -> int:
        params = [owner] if isinstance(owner, nn.Parameter) else []
        if isinstance(owner, nn.Module):
            params = list(owner.parameters())
        fresh = [param for param in params if id(param) not in self._counted]
        self._counted.update(id(param) for param in fresh)
        return sum(param.numel() for param in fresh)


def trace_net(model: nn.Module, input_size: tuple[int, int], channels: int = 3) -> NetGraph:
    """Traces a network and finds the shape, layout and cost of everything it computes.

    Args:
        model: any network that takes pictures (N, C, H, W) and that torch.fx can trace, as all of
            torchvision's classifiers. It is only read.
        input_size: (H, W) of the pictures in pixels.
        channels: C of the pictures.

    Raises:
        InputError: ``net_size_impossible`` if the network cannot work on pictures of that size.
    """
    twin = weightless_twin(model)
    graph, names = trace_operations(twin)
    run = _ShapeRun(twin, graph, names)
    dtype = next((p.dtype for p in twin.parameters() if p.is_floating_point()), torch.float32)
    picture = torch.empty(_BATCH, channels, *input_size, dtype=dtype, device="meta")
    try:
        # With gradients on, attention takes its open path, whose multiply-adds can be counted.
        with torch.enable_grad():
            run.run(picture)
    except (RuntimeError, AssertionError, ValueError) as error:
        height, width = input_size
        raise InputError("net_size_impossible", height=height, width=width) from error
    modules = dict(twin.named_modules())
    nodes = {fact.name: node for node, fact in run.facts.items()}
    return NetGraph(graph, modules, run.facts, input_size, _maps(run.facts), nodes)


def _maps(facts: Mapping[fx.Node, NodeFact]) -> dict[str, MapNode]:
    maps: dict[str, MapNode] = {}
    params = macs = 0
    for fact in facts.values():
        params, macs = params + fact.params, macs + fact.macs
        if fact.kind in ("input", "output", "constant") or len(fact.tensors) != 1:
            continue
        tensor = fact.tensors[0]
        layout = layout_of(tensor.axes)
        if layout is None:
            continue
        sizes = dict(zip(layout, tensor.shape, strict=True))
        if sizes["H"] * sizes["W"] == 1:
            continue
        maps[fact.name] = MapNode(
            name=fact.name,
            kind=fact.kind,
            channels=sizes["C"],
            size=(sizes["H"], sizes["W"]),
            channels_last=layout == "NHWC",
            bytes=tensor.bytes,
            params=fact.params,
            macs=fact.macs,
            params_so_far=params,
            macs_so_far=macs,
        )
    return maps


def map_nodes(net: NetGraph) -> list[MapNode]:
    """Every node that gives a spatial map, in execution order.

    A map is a tensor whose four axes are known to be batch, channels, rows and columns, with rows
    and columns in their order. A map of 1×1 is left out: it is a list of numbers, no picture (what
    global pooling or squeeze-and-excitation give, or any map of a picture that is too small).
    """
    return list(net.maps.values())
