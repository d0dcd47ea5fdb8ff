"""One example's way forward and back, a step at a time, each as the sum of products that it is."""

from dataclasses import dataclass

from torch import Tensor

from engine.neurons.backprop import Backward
from engine.neurons.small_net import Forward, Rules, SmallNet, slope

Factor = tuple[str, float]
Values = dict[str, float]


@dataclass(frozen=True)
class Line:
    """One number, and what it is made of.

    Attributes:
        name: as in ``z1[0]``, ``∂L/∂W2[0,1]``.
        terms: products of named numbers, to be added; with ``through``, what the function is given.
        value: what came out.
        through: the function of the sum, where it is not the sum itself: "f" (of the hidden
            neurons), "g" (of the outputs), "loss"; "" elsewhere.
    """

    name: str
    terms: tuple[tuple[Factor, ...], ...]
    value: float
    through: str = ""


@dataclass(frozen=True)
class Step:
    """Lines that are computed together: of one neuron, one way.

    Attributes:
        phase: "forward" or "backward".
        kind: "sum", "activation", "loss"; "loss_slope", "slope", "weights", "paths", "inputs".
        lines: what is computed.
    """

    phase: str
    kind: str
    lines: tuple[Line, ...]


def named_values(
    net: SmallNet,
    rules: Rules,
    inputs: Tensor,
    targets: Tensor,
    passed: Forward,
    back: Backward,
    example: int,
) -> Values:
    """Every number of one example by its name: parameters, activations, slopes, gradients.

    ``W1·[j,i]`` is a weight times what comes in through it, ``f′[j]`` the slope at ``z1[j]``.
    """
    n = example
    values: Values = {"L": float(passed.losses[n])}

    def put(name: str, numbers: Tensor) -> None:
        if numbers.ndim == 1:
            values.update({f"{name}[{i}]": float(v) for i, v in enumerate(numbers)})
            return
        for j, row in enumerate(numbers):
            values.update({f"{name}[{j},{i}]": float(v) for i, v in enumerate(row)})

    function = rules.output_function(targets.shape[-1])
    for name, numbers in (
        ("x", inputs[n]), ("t", targets[n]), ("W1", net.weight1), ("b1", net.bias1),
        ("W2", net.weight2), ("b2", net.bias2), ("W1·", net.weight1 * inputs[n]),
        ("W2·", net.weight2 * passed.hidden[n]), ("z1", passed.sums1[n]), ("h", passed.hidden[n]),
        ("z2", passed.sums2[n]), ("y", passed.outputs[n]),
        ("f′", slope(rules.activation, passed.sums1[n], passed.hidden[n])),
        ("∂L/∂z2", back.sums2[n]), ("∂L/∂W2", back.weight2[n]), ("∂L/∂b2", back.bias2[n]),
        ("∂L/∂h", back.hidden[n]), ("∂L/∂z1", back.sums1[n]), ("∂L/∂W1", back.weight1[n]),
        ("∂L/∂b1", back.bias1[n]), ("∂L/∂x", back.inputs[n]),
    ):  # fmt: skip
        put(name, numbers)
    if back.outputs is not None:
        put("g′", slope(function, passed.sums2[n], passed.outputs[n]))
        put("∂L/∂y", back.outputs[n])
    return values


def trace_example(sizes: tuple[int, int, int], rules: Rules, values: Values) -> list[Step]:
    """The steps of an example, forward and then back, from its numbers (:func:`named_values`)."""
    return [*_forward(sizes, values), *_backward(sizes, rules, values)]


def _sum(values: Values, name: str, *terms: tuple[str, ...]) -> Line:
    read = tuple(tuple((each, values.get(each, 1.0)) for each in term) for term in terms)
    return Line(name, read, values[name])


def _forward(sizes: tuple[int, int, int], values: Values) -> list[Step]:
    seen, count, outputs = sizes
    steps = []
    for layer, many, ends, of, gives, function in (
        (1, count, seen, "x", "h", "f"),
        (2, outputs, count, "h", "y", "g"),
    ):
        for j in range(many):
            terms = [(f"W{layer}[{j},{i}]", f"{of}[{i}]") for i in range(ends)]
            line = _sum(values, f"z{layer}[{j}]", *terms, (f"b{layer}[{j}]",))
            steps.append(Step("forward", "sum", (line,)))
        for j in range(many):
            given = [(f"z{layer}[{j}]", values[f"z{layer}[{j}]"])]
            name = f"{gives}[{j}]"
            line = Line(name, (tuple(given),), values[name], function)
            steps.append(Step("forward", "activation", (line,)))
    pairs = tuple(
        ((f"y[{k}]", values[f"y[{k}]"]), (f"t[{k}]", values[f"t[{k}]"])) for k in range(outputs)
    )
    return [*steps, Step("forward", "loss", (Line("L", pairs, values["L"], "loss"),))]


def _backward(sizes: tuple[int, int, int], rules: Rules, values: Values) -> list[Step]:
    seen, count, outputs = sizes
    steps = []
    for k in range(outputs):
        pair = ((f"y[{k}]", values[f"y[{k}]"]), (f"t[{k}]", values[f"t[{k}]"]))
        of = f"∂L/∂z2[{k}]" if rules.loss == "cross_entropy" else f"∂L/∂y[{k}]"
        steps.append(Step("backward", "loss_slope", (Line(of, (pair,), values[of], "loss′"),)))
        if rules.loss != "cross_entropy":
            line = _sum(values, f"∂L/∂z2[{k}]", (f"∂L/∂y[{k}]", f"g′[{k}]"))
            steps.append(Step("backward", "slope", (line,)))
        steps.append(_weights(values, 2, k, count, "h"))
    for j in range(count):
        terms = [(f"∂L/∂z2[{k}]", f"W2[{k},{j}]") for k in range(outputs)]
        steps.append(Step("backward", "paths", (_sum(values, f"∂L/∂h[{j}]", *terms),)))
        line = _sum(values, f"∂L/∂z1[{j}]", (f"∂L/∂h[{j}]", f"f′[{j}]"))
        steps.append(Step("backward", "slope", (line,)))
        steps.append(_weights(values, 1, j, seen, "x"))
    into = tuple(
        _sum(values, f"∂L/∂x[{i}]", *((f"∂L/∂z1[{j}]", f"W1[{j},{i}]") for j in range(count)))
        for i in range(seen)
    )
    return [*steps, Step("backward", "inputs", into)]


def _weights(values: Values, layer: int, to: int, ends: int, of: str) -> Step:
    """What a neuron's weights and its bias get: its own gradient times what comes in there."""
    own = f"∂L/∂z{layer}[{to}]"
    lines = [_sum(values, f"∂L/∂W{layer}[{to},{i}]", (own, f"{of}[{i}]")) for i in range(ends)]
    return Step("backward", "weights", (*lines, _sum(values, f"∂L/∂b{layer}[{to}]", (own,))))
