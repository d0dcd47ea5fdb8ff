"""The account of any number of a walk: which operation computed it, from what, and how.

Convolutions are accounted for by :class:`engine.convolution.conv2d.ConvTrace`; what torch computes
in another order (Winograd, vectorised sums) differs from it by rounding alone.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, fx, nn

from engine.convolution.conv2d import ConvTrace
from engine.convolution.slide import Axis
from engine.errors import InputError
from engine.nets.windows import Window, window_of
from engine.walk import pooling
from engine.walk.accounts import (
    Account,
    Activated,
    Combined,
    ConvSum,
    LinearSum,
    Normed,
    Pixel,
    Share,
    Taken,
    Term,
    Untold,
)
from engine.walk.layers import Layer
from engine.walk.operations import Walk

MOST_TERMS = 12
_CURVE_POINTS = 97
Place = tuple[int, ...]  # (channel, row, column) of a map, (unit,) of a vector


def layer_accounts(walked: Walk, layer: Layer, place: Place) -> tuple[Account, ...]:
    """The accounts of a layer's number: one a step, each one's value the next one's x.

    Args:
        walked: with the outputs of the layer's steps and of what feeds them.
        layer: of the same net.
        place: (channel, row, column) of a map, (unit,) of a vector.

    Raises:
        InputError: there is no such cell.
    """
    check_place(layer, place)
    return tuple(account(walked, step, place) for step in layer.steps)


def check_place(layer: Layer, place: Place) -> None:
    """Raises InputError unless the layer has such a number."""
    if len(place) != len(layer.shape):
        raise InputError("walk_place", sizes=_sizes(layer.shape))
    names = ("channel", "row", "column")
    for name, at, size in zip(names, place, layer.shape, strict=False):
        if not 0 <= at < size:
            raise InputError("value_out_of_range", name=name, low=0, high=size - 1, value=at)


def _sizes(shape: Place) -> str:
    return " × ".join(str(side) for side in shape)


def account(walked: Walk, name: str, place: Place) -> Account:
    """Where the number at ``place`` of the operation ``name`` comes from."""
    operation = walked.plan.operations[name]
    value = walked.outputs[name][place].item()
    teller = _TELLERS.get(operation.kind)
    told = teller(walked, name, place, value) if teller else None
    return told or Untold(operation.call, value)


def before(walked: Walk, name: str) -> Tensor | None:
    """What an operation's first input gave, where it is a map or a vector."""
    return walked.outputs.get(walked.plan.operations[name].inputs[0])


def pixel_account(walked: Walk, mean: Tensor, std: Tensor, place: Place) -> Pixel:
    """Where a number of the picture itself comes from; mean and std (C,)."""
    value = walked.outputs[walked.plan.input_name][place].item()
    channel = min(place[0], len(mean) - 1)  # grey pictures shown to a net for RGB
    middle, spread = mean[channel].item(), std[channel].item()
    return Pixel((value * spread + middle) * 255, middle, spread, value)


def _tell_conv(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    module, x = walked.module_of(name), before(walked, name)
    windows = window_of(walked.plan.nodes[name], module)
    if not isinstance(module, nn.Conv2d) or x is None or windows is None:
        return None
    x = x if x.dim() == 3 else x[:, None, None]
    channel, row, col = (*place, 0, 0)[:3]
    seen = len(x) // module.groups
    first = channel // (module.out_channels // module.groups) * seen
    weight = module.weight.detach()
    bias = module.bias if module.bias is not None else weight.new_zeros(len(weight))
    output = walked.outputs[name]
    trace = ConvTrace(
        input=x[first : first + seen],
        weight=weight,
        bias=bias.detach(),
        output=output if output.dim() == 3 else output[:, None, None],
        rows=_axis(windows[0], x.shape[1]),
        cols=_axis(windows[1], x.shape[2]),
    )
    return ConvSum(trace.cell(channel, row, col), tuple(range(first, first + seen)), value)


def _axis(window: Window, input_px: int) -> Axis:
    """The padding after the last cell does not matter to which cell meets which weight."""
    before, dilation = window.before, window.dilation
    return Axis(input_px, window.length, window.stride, before, before, dilation)


def _tell_linear(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    module, x = walked.module_of(name), _flat_input(walked, name)
    if not isinstance(module, nn.Linear) or x is None:
        return None
    if x.dim() == 3 and len(place) == 3:  # channels kept last: one sum for each cell
        x = x[:, place[1], place[2]]
    if x.numel() != module.in_features:
        return None
    weight = module.weight.detach()[place[0]]
    products = x.flatten() * weight
    strongest = torch.sort(products.abs(), descending=True, stable=True).indices[:MOST_TERMS]
    size = x.shape[1:] if x.dim() == 3 else (1, 1)
    terms = tuple(_term(int(at), size, x, weight, products) for at in strongest)
    bias = module.bias[place[0]].item() if module.bias is not None else 0.0
    whole = products.double().sum().item()
    return LinearSum(
        terms=terms,
        rest=whole - sum(term.product for term in terms),
        rest_count=products.numel() - len(terms),
        by_channel=tuple(products.view(len(x), -1).sum(dim=1).tolist()),
        bias=bias,
        total=whole + bias,
        value=value,
    )


def _flat_input(walked: Walk, name: str) -> Tensor | None:
    """What a linear layer takes, as maps (C, H, W) where it was maps before it was flattened."""
    source = walked.plan.operations[name].inputs[0]
    while walked.plan.operations[source].kind in ("reshape", "identity"):
        source = walked.plan.operations[source].inputs[0]
    return walked.outputs.get(source)


def _term(at: int, size: Place, x: Tensor, weight: Tensor, products: Tensor) -> Term:
    channel, cell = divmod(at, size[0] * size[1])
    row, col = divmod(cell, size[1])
    numbers = (x.flatten()[at].item(), weight[at].item(), products[at].item())
    return Term(channel, row, col, *numbers)


def _tell_norm(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    module, x = walked.module_of(name), before(walked, name)
    if x is None:
        return None
    channel = place[0]
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
        if module.running_mean is None or module.running_var is None:
            return None
        mean, variance = module.running_mean[channel], module.running_var[channel]
    elif isinstance(module, nn.GroupNorm):
        size = len(x) // module.num_groups
        group = x[channel // size * size : (channel // size + 1) * size]
        mean, variance = group.mean(), group.var(correction=0)
    elif isinstance(module, nn.LayerNorm) and x.dim() == 1:
        mean, variance = x.mean(), x.var(correction=0)
    else:
        return None
    scale = 1.0 if module.weight is None else module.weight[channel].item()
    shift = 0.0 if module.bias is None else module.bias[channel].item()
    std = (variance.double() + module.eps).sqrt().item()
    return Normed(x[place].item(), mean.item(), std, scale, shift, value)


def _tell_activation(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    module, x = walked.module_of(name), before(walked, name)
    if x is None:
        return None
    reach = max(x[place[0]].abs().max().item(), 1.0)
    curve_x = torch.linspace(-reach, reach, _CURVE_POINTS)
    node = walked.plan.nodes[name]
    if module is not None:
        curve_y = module(curve_x.clone()).detach()
    elif callable(node.target) and node.op == "call_function":
        curve_y = node.target(curve_x.clone(), *node.args[1:], **node.kwargs)
    else:
        return None
    return Activated(x[place].item(), value, curve_x, curve_y)


def _tell_combined(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    operation, node = walked.plan.operations[name], walked.plan.nodes[name]
    how = operation.call.strip("_").removeprefix("i").removeprefix("true")
    if how not in ("add", "sub", "mul", "div"):
        return None
    facts = walked.plan.graph.facts
    numbers: list[float] = []
    for each in node.args[:2]:
        if isinstance(each, int | float):
            numbers.append(float(each))
            continue
        given = walked.outputs.get(facts[each].name) if isinstance(each, fx.Node) else None
        if given is None:
            return None
        numbers.append(given[place if given.dim() == len(place) else place[:1]].item())
    return Combined(how, tuple(numbers), value)


def _tell_concat(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    channel = place[0]
    for source, each in enumerate(walked.plan.operations[name].inputs):
        count = walked.plan.operations[each].shape[:1]
        if not count:
            return None
        if channel < count[0]:
            return Taken(source, channel, value)
        channel -= count[0]
    return None


def _tell_softmax(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    logits = walked.logits.double()
    exps = (logits - logits.max()).exp()
    return Share(tuple(logits.tolist()), tuple(exps.tolist()), value)


def _tell_pool(walked: Walk, name: str, place: Place, value: float) -> Account | None:
    x, node = before(walked, name), walked.plan.nodes[name]
    if x is None:
        return None
    return pooling.tell(x, walked.plan.operations[name], node, walked.module_of(name), place, value)


Teller = Callable[[Walk, str, Place, float], Account | None]
_TELLERS: Mapping[str, Teller] = {
    "conv": _tell_conv,
    "linear": _tell_linear,
    "norm": _tell_norm,
    "activation": _tell_activation,
    "pool": _tell_pool,
    "add": _tell_combined,
    "multiply": _tell_combined,
    "concat": _tell_concat,
    "softmax": _tell_softmax,
}
