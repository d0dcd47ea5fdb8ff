"""A block opened: its operations as few steps, and what flows from which to which.

A norm or activation belongs to the step before it; what only renames or reorders numbers is passed
through. So a bottleneck is three convolutions and a sum, an Inception module its branches and
where they are joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from torch import fx, nn

from engine.nets.blocks import Block, is_depthwise, is_residual_sum, shape_of
from engine.nets.graph import NetGraph
from engine.nets.kinds import call_name

_PASSED = {"identity", "reshape", "permute", "select", "constant"}
_FINISHING = {"norm", "activation", "softmax"}
_SHORT = {"BatchNorm2d": "BN", "relu": "ReLU", "relu6": "ReLU6", "LayerNorm": "LN"}


@dataclass
class Step:
    """One step of a block.

    Attributes:
        kind: "input" (what comes in), "conv", "pointwise" (1×1), "depthwise", "grouped", "linear",
            "attention", "pool", "sum" (of a residual connection), or as
            :func:`engine.nets.kinds.kind_of` says.
        kernel: (rows, columns) of the filter or window; () where there is none.
        stride: of the filter or window, along the rows.
        shape: what comes out, as of :class:`engine.nets.blocks.Block`.
        params, macs, activations: of the step with what finishes it.
        finish: norms and activations that follow, by their classes' names.
        sources: numbers of the steps that it takes from.
    """

    kind: str
    kernel: tuple[int, ...]
    stride: int
    shape: tuple[int, ...]
    params: int
    macs: int
    activations: int
    finish: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)


def open_block(net: NetGraph, block: Block) -> list[Step]:
    """The steps of a block (of the first, of several that are alike), in execution order.

    The first step is what comes in.
    """
    inside = set(block.nodes)
    steps = [Step("input", (), 1, (), 0, 0, 0)]
    behind: dict[fx.Node, list[int]] = {}
    for node in block.nodes:
        fact = net.facts[node]
        sources = _sources(net, node, inside, behind, steps)
        if fact.kind in _PASSED or not fact.tensors or not sources:
            behind[node] = sources if fact.tensors and fact.kind != "constant" else []
            continue
        if fact.kind in _FINISHING and _finishes(node, sources, inside, net):
            _finish(steps[sources[0]], net, node)
            behind[node] = sources
            continue
        steps.append(_step(net, node, sources))
        behind[node] = [len(steps) - 1]
    return steps


def _sources(
    net: NetGraph,
    node: fx.Node,
    inside: set[fx.Node],
    behind: dict[fx.Node, list[int]],
    steps: list[Step],
) -> list[int]:
    """The steps that a node takes from; the first one is all that comes from outside."""
    found: list[int] = []
    for source in node.all_input_nodes:
        fact = net.facts[source]
        if source in inside:
            found += behind.get(source, [])
        elif fact.tensors and fact.kind != "constant":
            if not steps[0].shape:
                steps[0].shape = shape_of(net, fact)
            found.append(0)
    return list(dict.fromkeys(found))


def _finishes(
    node: fx.Node, sources: Sequence[int], inside: Iterable[fx.Node], net: NetGraph
) -> bool:
    """Whether a norm or activation follows one step that nothing else follows."""
    before = node.all_input_nodes[0]
    return sources != [0] and len(sources) == 1 and before in inside and len(before.users) == 1


def _finish(step: Step, net: NetGraph, node: fx.Node) -> None:
    fact = net.facts[node]
    step.params += fact.params
    step.shape = shape_of(net, fact)
    step.finish.append(_named(net, node))


def _named(net: NetGraph, node: fx.Node) -> str:
    module = net.module_of(node)
    name = type(module).__name__ if module is not None else call_name(node)
    return _SHORT.get(name, name)


def _step(net: NetGraph, node: fx.Node, sources: list[int]) -> Step:
    fact, module = net.facts[node], net.module_of(node)
    kernel, stride = _window(module)
    made = Step(
        kind=_kind(net, node, module, kernel),
        kernel=kernel,
        stride=stride,
        shape=shape_of(net, fact),
        params=fact.params,
        macs=fact.macs,
        activations=fact.activations,
        sources=sources,
    )
    if fact.kind in _FINISHING:  # of what came in: before a convolution, as in DenseNet
        made.finish.append(_named(net, node))
    return made


def _kind(net: NetGraph, node: fx.Node, module: nn.Module | None, kernel: tuple[int, ...]) -> str:
    kind = net.facts[node].kind
    if kind == "add":
        return "sum" if is_residual_sum(net, node) else "add"
    if not isinstance(module, nn.Conv2d):
        return kind
    if is_depthwise(module):
        return "depthwise"
    if module.groups > 1:
        return "grouped"
    return "pointwise" if kernel == (1, 1) else "conv"


def _window(module: nn.Module | None) -> tuple[tuple[int, ...], int]:
    """Rows and columns of a filter or window, and its stride."""
    if isinstance(module, nn.Conv2d):
        return (module.kernel_size[0], module.kernel_size[1]), module.stride[0]
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        size, stride = module.kernel_size, module.stride
        rows, columns = size if isinstance(size, tuple) else (size, size)
        return (rows, columns), stride[0] if isinstance(stride, tuple) else stride
    return (), 1
