"""What a network costs: learnt numbers, multiply-adds, and the memory of every node's output.

Counted on the meta device (shapes without numbers), so that no weights are needed and the largest
network takes seconds. Multiply-adds are those of torch's own formulas
(``torch.utils.flop_counter``, whose FLOPs are twice as many): convolutions, matrix products and
attention; normalisation, activation and additions are not counted. torchvision's published
``_ops`` are counted likewise.
"""

from dataclasses import dataclass

from torch import nn
from torchvision.models._api import WeightsEnum

from engine.nets.catalog import build_unfilled, find_classifier
from engine.nets.graph import NetGraph, NodeFact, trace_net

_NOT_COMPUTED = ("input", "output", "constant")


@dataclass(frozen=True)
class NodeCost:
    """What one node of a network costs for one picture.

    Attributes:
        name: qualified name, as in :class:`engine.nets.graph.NodeFact`.
        kind: kind of operation, see :func:`engine.nets.kinds.kind_of`.
        params: learnt numbers that are first used here.
        macs: multiply-adds.
        output_bytes: memory of what comes out, even where it shares its input's memory; 0 for a
            parameter that is used as it is.
    """

    name: str
    kind: str
    params: int
    macs: int
    output_bytes: int


@dataclass(frozen=True)
class Cost:
    """What a network costs for one picture of ``input_size``.

    Attributes:
        input_size: (H, W) of the picture in pixels.
        params: learnt numbers, also of parts that only training uses (Inception's second head).
        macs: multiply-adds of all nodes.
        params_bytes: memory of the learnt numbers.
        nodes: everything that gives numbers or holds some, in execution order.
    """

    input_size: tuple[int, int]
    params: int
    macs: int
    params_bytes: int
    nodes: tuple[NodeCost, ...]


def measure_cost(model: nn.Module, net: NetGraph) -> Cost:
    """Adds up what a network costs.

    Args:
        model: the network; with or without numbers, it is only read.
        net: the same network, traced by :func:`engine.nets.graph.trace_net`.
    """
    params = list(model.parameters())
    nodes = [_measure_node(fact) for fact in net.facts.values()]
    return Cost(
        input_size=net.input_size,
        params=sum(p.numel() for p in params),
        macs=sum(fact.macs for fact in net.facts.values()),
        params_bytes=sum(p.numel() * p.element_size() for p in params),
        nodes=tuple(node for node in nodes if node.output_bytes or node.params),
    )


def measure_classifier(name: str, weights: WeightsEnum | None = None) -> Cost:
    """What a classifier costs for a picture of the size that its weights were made for.

    Args:
        name: torchvision's name; its weights need not be on this computer.
        weights: for which of its weights; by default those in the catalog.

    Raises:
        InputError: there is no such classifier.
    """
    weights = weights or find_classifier(name).weights
    model = build_unfilled(name, weights).eval()
    crop_px = weights.transforms().crop_size
    return measure_cost(model, trace_net(model, (crop_px[0], crop_px[-1])))


def _measure_node(fact: NodeFact) -> NodeCost:
    computed = fact.kind not in _NOT_COMPUTED
    output_bytes = sum(tensor.bytes for tensor in fact.tensors) if computed else 0
    return NodeCost(fact.name, fact.kind, fact.params, fact.macs, output_bytes)
