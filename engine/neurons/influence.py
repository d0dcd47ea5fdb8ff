"""How much does this number move that one? One number, and the paths that carry it.

The net as a graph of single numbers: an edge leads from each to those that are computed from it,
with the local derivative on it. The influence of one on another is a sum over all paths between
them, and on each path the product of its edges: that is the chain rule. Backpropagation gets the
same sums without walking each path (Bauer 1974 has the rule for graphs).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

from engine.errors import InputError
from engine.neurons.backprop import cross_entropy_slope, loss_slope
from engine.neurons.small_net import Forward, Rules, SmallNet, finish, forward, slope

NAME = re.compile(r"(x|W1|b1|h|W2|b2|z2|y)\[(\d)(?:,(\d))?\]")
LOSS = "L"
STEP = 1e-5


@dataclass(frozen=True)
class Edge:
    """One number enters another.

    Attributes:
        to: the name of the other.
        factor: ∂other/∂one, where the net stands.
        called: what that is, in the net's own names.
    """

    to: str
    factor: float
    called: str


@dataclass(frozen=True)
class Path:
    """A way through the graph.

    Attributes:
        edges: from the first number to the last.
        product: of their factors.
    """

    edges: tuple[Edge, ...]
    product: float


Edges = dict[str, list[Edge]]


def local_derivatives(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, passed: Forward
) -> Edges:
    """Every edge of the graph of one example.

    Args:
        net: one net.
        rules: activation and loss.
        inputs, targets: float64 (inputs,), (outputs,).
        passed: of that example, without the dimension of the batch.

    Returns:
        By a number's name, the edges to those that are computed from it; ``L`` has none.
    """
    seen, count, outputs = net.sizes
    edges: Edges = {}

    def join(one: str, other: str, factor: Tensor | float, called: str) -> None:
        edges.setdefault(one, []).append(Edge(other, float(factor), called))

    steep = slope(rules.activation, passed.sums1, passed.hidden)
    for j in range(count):
        for i in range(seen):
            join(f"x[{i}]", f"z1[{j}]", net.weight1[j, i], f"W1[{j},{i}]")
            join(f"W1[{j},{i}]", f"z1[{j}]", inputs[i], f"x[{i}]")
        join(f"b1[{j}]", f"z1[{j}]", 1.0, "1")
        join(f"z1[{j}]", f"h[{j}]", steep[j], f"f′(z1[{j}])")
        for k in range(outputs):
            join(f"h[{j}]", f"z2[{k}]", net.weight2[k, j], f"W2[{k},{j}]")
            join(f"W2[{k},{j}]", f"z2[{k}]", passed.hidden[j], f"h[{j}]")
    for k in range(outputs):
        join(f"b2[{k}]", f"z2[{k}]", 1.0, "1")
    _join_outputs(rules, targets, passed, join)
    return edges


def _join_outputs(rules: Rules, targets: Tensor, passed: Forward, join) -> None:
    """Sums to outputs, and both to the loss."""
    count = len(targets)
    function = rules.output_function(count)
    of_loss = loss_slope(rules, passed.outputs, targets)
    at_once = cross_entropy_slope(passed.outputs, targets)
    steep = slope(function, passed.sums2, passed.outputs)
    for k in range(count):
        if function != "softmax":
            join(f"z2[{k}]", f"y[{k}]", steep[k], f"g′(z2[{k}])")
        else:
            for m in range(count):
                share = passed.outputs[m] * (float(m == k) - passed.outputs[k])
                join(f"z2[{k}]", f"y[{m}]", share, f"∂y[{m}]/∂z2[{k}]")
        if of_loss is None:
            join(f"z2[{k}]", LOSS, at_once[k], f"∂L/∂z2[{k}]")
        else:
            join(f"y[{k}]", LOSS, of_loss[k], f"∂L/∂y[{k}]")


def paths_between(edges: Edges, source: str, target: str) -> list[Path]:
    """All paths from one number to another, in the net's order; none where none leads there."""
    return [
        Path(way, prod(edge.factor for edge in way)) for way in _ways(edges, source, target, ())
    ]


def _ways(
    edges: Edges, at: str, target: str, so_far: tuple[Edge, ...]
) -> Iterator[tuple[Edge, ...]]:
    if at == target:
        yield so_far
        return
    for edge in edges.get(at, []):
        yield from _ways(edges, edge.to, target, (*so_far, edge))


def check_name(name: str, net: SmallNet, rules: Rules) -> tuple[str, tuple[int, ...]]:
    """What a name stands for: the kind of number, and where it is.

    Raises:
        InputError: the net has no such number; or it is an output of cross-entropy, whose loss is
            computed from the sums.
    """
    kind, at = _taken_apart(name)
    seen, count, outputs = net.sizes
    ends = {
        "x": (seen,),
        "W1": (count, seen),
        "b1": (count,),
        "h": (count,),
        "W2": (outputs, count),
        "b2": (outputs,),
        "z2": (outputs,),
        "y": (outputs,),
    }.get(kind, ())
    fits = len(at) == len(ends) and all(a < b for a, b in zip(at, ends, strict=False))
    if not ends or not fits:
        raise InputError("net_has_no_such_number", name=name, sizes="-".join(map(str, net.sizes)))
    if kind == "y" and rules.loss == "cross_entropy":
        raise InputError("net_probability_as_source", name=name, other=f"z2[{at[0]}]")
    return kind, at


def _taken_apart(name: str) -> tuple[str, tuple[int, ...]]:
    found = NAME.fullmatch(name)
    if found is None:
        return "", ()
    return found[1], tuple(int(part) for part in found.groups()[1:] if part is not None)


def moved(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, name: str, values: Tensor
) -> Forward:
    """The example's way with one number set to each of V values, everything else as it is.

    Args:
        net: one net.
        rules: activation and loss.
        inputs, targets: float64 (inputs,), (outputs,).
        name: of an input, a parameter, or something in between, from where it goes on.
        values: float64 (V,).

    Returns:
        Of shapes (V, 1, …), or (V, …) where the number is no parameter; the loss is (V, 1) or (V,).
    """
    kind, at = check_name(name, net, rules)
    count = len(values)
    if kind in ("W1", "b1", "W2", "b2"):
        parts = {n: getattr(net, n) for n in ("weight1", "bias1", "weight2", "bias2")}
        part = {"W": "weight", "b": "bias"}[kind[0]] + kind[1]
        parts = {n: each.expand(count, *each.shape) for n, each in parts.items()}
        parts[part] = _set(parts[part], at, values)
        return forward(SmallNet(**parts), rules, inputs[None], targets[None])
    wide = targets.expand(count, -1)
    if kind == "x":
        return forward(net, rules, _set(inputs.expand(count, -1), at, values), wide)
    passed = forward(net, rules, inputs[None], targets[None])
    if kind == "h":
        sums1, hidden = passed.sums1.expand(count, -1), passed.hidden.expand(count, -1)
        return finish(net, rules, sums1, _set(hidden, at, values), wide)
    return _from_outputs(rules, passed, kind, at, values, wide)


def _from_outputs(
    rules: Rules, passed: Forward, kind: str, at: tuple[int, ...], values: Tensor, targets: Tensor
) -> Forward:
    from engine.neurons.small_net import activate, losses_of

    count = len(values)
    sums1, hidden, sums2, outputs = (
        each.expand(count, -1)
        for each in (passed.sums1, passed.hidden, passed.sums2, passed.outputs)
    )
    if kind == "z2":
        sums2 = _set(sums2, at, values)
        outputs = activate(rules.output_function(targets.shape[-1]), sums2)
    else:
        outputs = _set(outputs, at, values)
    return Forward(sums1, hidden, sums2, outputs, losses_of(rules, sums2, outputs, targets))


def _set(numbers: Tensor, at: tuple[int, ...], values: Tensor) -> Tensor:
    changed = numbers.clone()
    changed[(slice(None), *at)] = values
    return changed


def read_target(passed: Forward, target: str) -> Tensor:
    """What became of the loss, or of an output ``y[k]``, in each of V ways: float64 (V,)."""
    if target == LOSS:
        return passed.losses.reshape(-1)
    _, (k,) = _taken_apart(target)
    return passed.outputs[..., k].reshape(-1)


def by_difference(
    net: SmallNet,
    rules: Rules,
    inputs: Tensor,
    targets: Tensor,
    source: str,
    target: str,
    value: float,
) -> float:
    """The influence as measured: the one is moved a little up and down, the other watched."""
    step = STEP * max(1.0, abs(value))
    around = torch.tensor([value + step, value - step], dtype=torch.float64)
    above, below = read_target(moved(net, rules, inputs, targets, source, around), target)
    return float((above - below) / (2 * step))
