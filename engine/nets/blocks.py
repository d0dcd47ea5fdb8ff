"""A network as a strip of its blocks, from the picture to the answer, each with its share.

Unlike the maps of :mod:`engine.nets.stages` the blocks leave nothing out: parameters, multiply-adds
and activations of all of them are those of the network. A block is a module of torchvision's (or of
ours) that papers draw as one, a bottleneck or an Inception module; what stands between such blocks
is cut at each pooling and before each fully connected layer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from torch import fx, nn
from torchvision.models import (
    convnext,
    densenet,
    efficientnet,
    inception,
    maxvit,
    mnasnet,
    mobilenetv2,
    mobilenetv3,
    regnet,
    resnet,
    shufflenetv2,
    squeezenet,
    swin_transformer,
    vision_transformer,
)
from torchvision.models.googlenet import Inception

from engine.nets.graph import NetGraph, NodeFact
from engine.nets.inception_resnet import Branches, ResidualInception
from engine.nets.xception import XceptionBlock

#: What makes a block what it is, the most telling first.
Idea = Literal["attention", "depthwise", "branches", "dense", "plain"]

_BLOCKS: tuple[type[nn.Module], ...] = (
    *(convnext.CNBlock, densenet._DenseLayer, efficientnet.MBConv, efficientnet.FusedMBConv),
    *(Inception, inception.InceptionA, inception.InceptionB, inception.InceptionC),
    *(inception.InceptionD, inception.InceptionE, maxvit.MaxVitLayer, mnasnet._InvertedResidual),
    *(mobilenetv2.InvertedResidual, mobilenetv3.InvertedResidual, regnet.ResBottleneckBlock),
    *(resnet.BasicBlock, resnet.Bottleneck, shufflenetv2.InvertedResidual, squeezenet.Fire),
    *(swin_transformer.SwinTransformerBlock, swin_transformer.PatchMerging),
    *(swin_transformer.PatchMergingV2, vision_transformer.EncoderBlock),
    *(XceptionBlock, ResidualInception, Branches),
)
_NOT_COMPUTED = ("input", "output", "constant")


@dataclass(frozen=True, eq=False)
class Block:
    """Blocks that follow one another and are alike; alone, where ``count`` is 1.

    Attributes:
        name: qualified name of the first (``layer1.0``), or of its first layer.
        kind: the class that papers draw ("Bottleneck"); "" for layers between such blocks.
        idea: what makes it what it is.
        is_residual: whether what came in is added to what goes out.
        count: how many are alike.
        shape: the last map of each, (H, W, channels), or what comes out: (tokens, channels),
            (channels,).
        layers: layers with weights on the longest way through one.
        params, macs, activations: of all of them together.
        nodes: the operations of the first.
    """

    name: str
    kind: str
    idea: Idea
    is_residual: bool
    count: int
    shape: tuple[int, ...]
    layers: int
    params: int
    macs: int
    activations: int
    nodes: tuple[fx.Node, ...]


def read_blocks(net: NetGraph) -> list[Block]:
    """The blocks of a network in execution order, equal neighbours as one.

    Args:
        net: of any torchvision classifier, or of ours.
    """
    depths = _depths(net)
    single, before = [], 0
    for name, nodes in _parts(net):
        after = max((depths[node] for node in nodes), default=before)
        single.append(_block(net, name, nodes, max(0, after - before)))
        before = max(before, after)
    return [_together(list(group)) for _, group in groupby(single, key=_likeness)]


def depth_of(net: NetGraph) -> int:
    """Layers with weights on the longest way from the picture to the answer.

    As papers count: ResNet-50 has 50, GoogLeNet 22. Of a depthwise separable convolution both
    halves count.
    """
    return max(_depths(net).values(), default=0)


def _depths(net: NetGraph) -> dict[fx.Node, int]:
    depths: dict[fx.Node, int] = {}
    for node, fact in net.facts.items():
        before = max((depths[source] for source in node.all_input_nodes), default=0)
        depths[node] = before + (fact.kind in ("conv", "linear", "attention"))
    return depths


def _parts(net: NetGraph) -> list[tuple[str, list[fx.Node]]]:
    """Name of a block's module ("" between blocks) and its nodes, in execution order."""
    parts: list[tuple[str, list[fx.Node]]] = []
    for node, fact in net.facts.items():
        if fact.kind in ("input", "output"):
            continue
        name = _block_name(net, fact.name)
        if not parts or parts[-1][0] != name or (not name and _is_cut(net, parts[-1][1], fact)):
            parts.append((name, []))
        parts[-1][1].append(node)
    return _without_idle(net, parts)


def _block_name(net: NetGraph, name: str) -> str:
    """The outermost block that an operation stands in."""
    steps = name.split(".")
    for k in range(1, len(steps) + 1):
        prefix = ".".join(steps[:k])
        if isinstance(net.modules.get(prefix), _BLOCKS):
            return prefix
    return ""


def _is_cut(net: NetGraph, nodes: Sequence[fx.Node], fact: NodeFact) -> bool:
    """Whether a layer between blocks begins a part of its own."""
    if fact.kind not in ("conv", "linear"):
        return False
    kinds = [net.facts[node].kind for node in nodes]
    if "linear" in kinds or (fact.kind == "linear" and "conv" in kinds):
        return True
    return "conv" in kinds and "pool" in kinds[kinds.index("conv") :]


def _without_idle(
    net: NetGraph, parts: Iterable[tuple[str, list[fx.Node]]]
) -> list[tuple[str, list[fx.Node]]]:
    """What has no layer of its own, a pooling between blocks, goes with what precedes it."""
    kept: list[tuple[str, list[fx.Node]]] = []
    for name, nodes in parts:
        learns = any(net.facts[node].kind in ("conv", "linear", "attention") for node in nodes)
        if kept and not learns:
            kept[-1][1].extend(nodes)
        elif kept and not _learns(net, kept[-1][1]):  # the picture is prepared
            kept[-1] = (name, [*kept[-1][1], *nodes])
        else:
            kept.append((name, nodes))
    return kept


def _learns(net: NetGraph, nodes: Iterable[fx.Node]) -> bool:
    return any(net.facts[node].params for node in nodes)


def _block(net: NetGraph, name: str, nodes: Sequence[fx.Node], layers: int) -> Block:
    facts = [net.facts[node] for node in nodes]
    idea = _idea(net, nodes)
    first = next((fact.name for fact in facts if fact.params), facts[0].name)
    return Block(
        name=name or first,
        kind=type(net.modules[name]).__name__.lstrip("_") if name else "",
        idea=idea,
        is_residual=any(is_residual_sum(net, node) for node in nodes),
        count=1,
        shape=_shape(net, nodes, idea == "dense"),
        layers=layers,
        params=sum(fact.params for fact in facts),
        macs=sum(fact.macs for fact in facts),
        activations=sum(fact.activations for fact in facts),
        nodes=tuple(nodes),
    )


def _idea(net: NetGraph, nodes: Sequence[fx.Node]) -> Idea:
    kinds = {net.facts[node].kind for node in nodes}
    if kinds & {"attention", "softmax"}:
        return "attention"
    if any(is_depthwise(net.module_of(node)) for node in nodes):
        return "depthwise"
    if any(net.facts[node].kind == "concat" and _is_of_maps(net, node) for node in nodes):
        return "branches"
    return "dense" if "linear" in kinds and "conv" not in kinds else "plain"


def is_depthwise(module: nn.Module | None) -> bool:
    """Whether a module is a convolution that looks at each channel by itself."""
    return isinstance(module, nn.Conv2d) and module.groups == module.in_channels > 1


def is_residual_sum(net: NetGraph, node: fx.Node) -> bool:
    """Whether a node adds two things that were both computed, of the same shape."""
    if net.facts[node].kind != "add":
        return False
    facts = [net.facts[source] for source in node.all_input_nodes]
    shapes = [fact.tensors[0].shape for fact in facts if fact.tensors and fact.kind != "constant"]
    return len(shapes) == 2 and shapes[0] == shapes[1] and len(shapes[0]) > 1


def _is_of_maps(net: NetGraph, node: fx.Node) -> bool:
    """Whether a node joins several maps: no class token and patches, nor a picture's channels."""
    shapes = [
        tensor.shape for source in node.all_input_nodes for tensor in net.facts[source].tensors
    ]
    return sum(len(shape) == 4 and shape[1] > 1 for shape in shapes) > 1


def _shape(net: NetGraph, nodes: Sequence[fx.Node], is_dense: bool) -> tuple[int, ...]:
    """Of the last map, where no dense layer ends it, else of the last tensor; channels last."""
    maps = [net.facts[node] for node in nodes if net.facts[node].name in net.maps]
    if maps and not is_dense:
        return shape_of(net, maps[-1])
    for node in reversed(nodes):
        fact = net.facts[node]
        if fact.kind in _NOT_COMPUTED or not fact.tensors:
            continue
        return shape_of(net, fact)
    return ()


def shape_of(net: NetGraph, fact: NodeFact) -> tuple[int, ...]:
    """(H, W, channels) of a map, else the tensor's shape without the batch."""
    found = net.maps.get(fact.name)
    if found is not None:
        return (*found.size, found.channels)
    shape = fact.tensors[0].shape[1:]
    return (shape[0],) if shape[1:] == (1, 1) else tuple(shape)


def _likeness(block: Block) -> tuple[object, ...]:
    return (block.kind or block.name, block.shape, block.params, block.macs, block.is_residual)


def _together(alike: Sequence[Block]) -> Block:
    first = alike[0]
    return Block(
        **{
            **vars(first),
            "count": len(alike),
            "params": sum(block.params for block in alike),
            "macs": sum(block.macs for block in alike),
            "activations": sum(block.activations for block in alike),
        }
    )
