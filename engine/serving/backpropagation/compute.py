"""A small net as it was typed, its way forward and back, and how much one number moves another."""

from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import InputError
from engine.neurons.backprop import backward
from engine.neurons.backprop_steps import named_values, trace_example
from engine.neurons.depth import activation_curve
from engine.neurons.descent import descend, losses_by_rate
from engine.neurons.gradient_check import (
    AUTOGRAD_TOLERANCE,
    DIFFERENCE_TOLERANCE,
    GradientCheck,
    check_gradients,
)
from engine.neurons.influence import (
    Path,
    by_difference,
    check_name,
    local_derivatives,
    moved,
    paths_between,
    read_target,
)
from engine.neurons.small_net import (
    Forward,
    Rules,
    SmallNet,
    check_finite,
    first_batch,
    first_net,
    forward,
    parameter_names,
)
from engine.serving.backpropagation.contract import NetQuestion, Question, StepsQuestion

Packed = tuple[dict[str, np.ndarray], dict[str, Any]]
REACH = 2.0  # the chart's number goes that far up and down
POINTS = 81
NUDGE = 0.01  # what one number is raised by, for the sentence about the other
RATES = (0.01, 100.0)
LARGEST = 1e300  # of what is typed


def read_net(asked: NetQuestion) -> SmallNet:
    """The net as typed, or the drawn one.

    Raises:
        InputError: too few or too many numbers, or one that is too large.
    """
    sizes = (asked.inputs, asked.hidden, asked.outputs)
    if not asked.weights:
        return first_net(sizes)
    numbers = _read(asked.weights.split(","))
    wanted = len(parameter_names(sizes))
    if len(numbers) != wanted:
        raise InputError(
            "net_weights_count", count=len(numbers), wanted=wanted, sizes="-".join(map(str, sizes))
        )
    return SmallNet.of(torch.tensor(numbers, dtype=torch.float64), sizes)


def read_batch(asked: NetQuestion) -> tuple[Tensor, Tensor]:
    """Inputs float64 (N, inputs) and targets float64 (N, outputs), as typed or the page's own.

    Raises:
        InputError: rows of another length or number, numbers too large, targets of cross-entropy
            that are no probabilities.
    """
    sizes = (asked.inputs, asked.hidden, asked.outputs)
    inputs, targets = first_batch(sizes, asked.examples)
    if asked.batch:
        rows = [_read(row.split(",")) for row in asked.batch.split(";")]
        wanted = asked.inputs + asked.outputs
        if len(rows) != asked.examples or any(len(row) != wanted for row in rows):
            raise InputError("net_batch_shape", examples=asked.examples, wanted=wanted)
        table = torch.tensor(rows, dtype=torch.float64)
        inputs, targets = table[:, : asked.inputs], table[:, asked.inputs :]
    if asked.loss == "cross_entropy" and not bool(((targets >= 0) & (targets <= 1)).all()):
        raise InputError("net_targets_no_probabilities")
    return inputs, targets


def _read(texts: list[str]) -> list[float]:
    numbers = [float(text) for text in texts]
    for text, number in zip(texts, numbers, strict=True):
        if abs(number) > LARGEST:
            raise InputError("net_number_too_large", value=text, limit="1e300")
    return numbers


def _rules(asked: NetQuestion) -> Rules:
    return Rules(asked.activation, asked.output, asked.loss)


def look(asked: Question) -> Packed:
    """Arrays and facts of the page's main stage; see the route.

    Raises:
        InputError: as :func:`read_net`, :func:`read_batch`; numbers that overflow; a number that is
            not there.
    """
    net, rules = read_net(asked), _rules(asked)
    inputs, targets = read_batch(asked)
    example = int(asked.example)
    check_name(asked.source, net, rules)
    if example >= len(inputs) or (asked.target != "L" and int(asked.target[2]) >= asked.outputs):
        raise InputError("net_has_no_such_example", examples=len(inputs), outputs=asked.outputs)
    passed = forward(net, rules, inputs, targets)
    check_finite(passed)
    back = backward(net, rules, inputs, targets, passed)
    ours = back.of_parameters().mean(dim=0)
    check = check_gradients(net, rules, inputs, targets, ours)
    values = named_values(net, rules, inputs, targets, passed, back, example)
    arrays = _gradient_arrays(net, check)
    arrays |= _curves(net, rules, inputs, targets, asked, values)
    arrays |= _rate_curve(net, rules, inputs, targets, ours)
    after = net.flat() - asked.rate * ours
    then = forward(SmallNet.of(after, net.sizes), rules, inputs, targets)
    if bool(torch.isfinite(after).all()):
        arrays["updated"] = after.numpy()
    about = {
        "values": values,
        "steps": [asdict(step) for step in trace_example(net.sizes, rules, values)],
        "names": parameter_names(net.sizes),
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
        "losses": passed.losses.tolist(),
        "check": _about_check(check),
        "influence": _influence(net, rules, inputs, targets, passed, asked, values),
        "update": _about_update(passed, then),
        "output_function": rules.output_function(asked.outputs),
        "limits": {"output": {"disabled": asked.loss == "cross_entropy"}},
    }
    return arrays, about


def _about_update(before: Forward, after: Forward) -> dict[str, float | None]:
    """The mean loss before and after one step; None where that overflows."""
    loss = float(after.losses.mean())
    return {"before": float(before.losses.mean()), "after": loss if np.isfinite(loss) else None}


def _gradient_arrays(net: SmallNet, check: GradientCheck) -> dict[str, np.ndarray]:
    found = (check.ours, check.autograd, check.differences)
    if not all(bool(torch.isfinite(each).all()) for each in found):
        raise InputError("net_overflows", place="∂L")
    return {
        "parameters": net.flat().numpy(),
        "gradient": check.ours.numpy(),
        "autograd": check.autograd.numpy(),
        "differences": check.differences.numpy(),
        "kinked": check.kinked.to(torch.uint8).numpy(),
    }


def _about_check(check: GradientCheck) -> dict[str, Any]:
    return {
        "count": len(check.ours),
        "kinked": int(check.kinked.sum()),
        "worst_autograd": check.worst_autograd,
        "worst_difference": check.worst_difference,
        "autograd_holds": check.worst_autograd <= AUTOGRAD_TOLERANCE,
        "differences_hold": check.worst_difference <= DIFFERENCE_TOLERANCE,
    }


def _curves(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, asked: Question, values: dict
) -> dict[str, np.ndarray]:
    """The watched number while the other one moves; the activation with its derivative."""
    n, here = int(asked.example), values[asked.source]
    reach = REACH * max(1.0, abs(here) / REACH)
    at = torch.linspace(here - reach, here + reach, POINTS, dtype=torch.float64)
    found = moved(net, rules, inputs[n], targets[n], asked.source, at)
    watched = read_target(found, asked.target)
    fine = torch.isfinite(watched)
    curve = activation_curve(rules.activation)
    return {
        "moved_at": at[fine].numpy(),
        "moved_target": watched[fine].numpy(),
        "curve_at": curve.at.numpy(),
        "curve_values": curve.values.numpy(),
        "curve_slopes": curve.slopes.numpy(),
    }


def _rate_curve(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, gradient: Tensor
) -> dict[str, np.ndarray]:
    low, high = RATES
    rates = torch.logspace(np.log10(low), np.log10(high), POINTS, dtype=torch.float64)
    losses = losses_by_rate(net, rules, inputs, targets, gradient, rates)
    fine = torch.isfinite(losses)
    return {"rates": rates[fine].numpy(), "rate_losses": losses[fine].numpy()}


def _influence(
    net: SmallNet,
    rules: Rules,
    inputs: Tensor,
    targets: Tensor,
    passed: Forward,
    asked: Question,
    values: dict[str, float],
) -> dict[str, Any]:
    """One number's influence on another: by paths, by a difference, and in each example."""
    each = [
        _paths(net, rules, inputs[n], targets[n], _one(passed, n), asked)
        for n in range(len(inputs))
    ]
    sums = [sum(path.product for path in paths) for paths in each]
    if not np.isfinite(sum(sums)):
        raise InputError("net_overflows", place=f"∂{asked.target}")
    n = int(asked.example)
    here = values[asked.source]
    watched = values[asked.target]
    measured = by_difference(net, rules, inputs[n], targets[n], asked.source, asked.target, here)
    nudged = torch.tensor([here + NUDGE], dtype=torch.float64)
    found = moved(net, rules, inputs[n], targets[n], asked.source, nudged)
    really = float(read_target(found, asked.target)) - watched
    return {
        "value": here,
        "watched": watched,
        "sum": sums[n],
        "measured": measured if np.isfinite(measured) else None,
        "nudge": NUDGE,
        "foretold": NUDGE * sums[n],
        "really": really if np.isfinite(really) else None,
        "each": sums,
        "mean": sum(sums) / len(sums),
        "paths": [
            {"product": path.product, "edges": [asdict(edge) for edge in path.edges]}
            for path in each[n]
        ],
    }


def _paths(
    net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor, passed: Forward, asked: Question
) -> list[Path]:
    edges = local_derivatives(net, rules, inputs, targets, passed)
    return paths_between(edges, asked.source, asked.target)


def _one(passed: Forward, n: int) -> Forward:
    return Forward(*(getattr(passed, name)[n] for name in Forward.__dataclass_fields__))


def descent(asked: StepsQuestion) -> Packed:
    """Some steps down the loss of the batch; see the route.

    Raises:
        InputError: as :func:`read_net`, :func:`read_batch`.
    """
    net, rules = read_net(asked), _rules(asked)
    inputs, targets = read_batch(asked)
    check_finite(forward(net, rules, inputs, targets))
    found = descend(net, rules, inputs, targets, asked.rate, asked.steps)
    arrays = {"losses": found.losses.numpy(), "parameters": found.parameters.numpy()}
    return arrays, {"steps": len(found.losses) - 1, "overflowed": found.overflowed}
