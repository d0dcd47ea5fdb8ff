"""What the Perceptron page computes: the rule's steps, a hidden layer's training, ten neurons."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.errors import InputError
from engine.serving.perceptron.contract import (
    MOMENTS,
    MOST_PASSES,
    MOST_STEPS,
    RING,
    XOR,
    DigitQuestion,
    HiddenQuestion,
    Question,
)

if TYPE_CHECKING:
    from torch import Tensor

    from engine.neurons.digit_neurons import DigitNeurons
    from engine.neurons.hidden_layer import Descent, HiddenNet
    from engine.neurons.perceptron import PerceptronTrace

REACH = 2.0  # of the plane, from its middle
GRID = 41  # places along each side
UPDATES = 1000  # of the hidden layer
TRAINED = 1437  # of scikit-learn's 1,797 digits; the rest is held out
INK = 16.0
BIAS_PLACE = 64


@dataclass(frozen=True)
class Placed:
    """Points of two classes: ``places`` float64 (n, 2), ``targets`` float64 (n,) of +1 and -1."""

    places: "Tensor"
    targets: "Tensor"


def read_points(text: str) -> Placed:
    """The points of a contract's text; none lies outside the plane.

    Raises:
        InputError: a coordinate is beyond ± 2.
    """
    import torch

    rows = [[float(part) for part in point.split(",")] for point in text.split(";")]
    numbers = torch.tensor(rows, dtype=torch.float64)
    far = numbers[:, :2].abs().max().item()
    if far > REACH:
        raise InputError("value_out_of_range", name="points", low=-2, high=2, value=far)
    return Placed(numbers[:, :2], 2 * numbers[:, 2] - 1)


@dataclass(frozen=True)
class RuleSeen:
    """Rosenblatt's rule on some points, and what no rule can change.

    Attributes:
        trace: every step.
        sums: float64 (steps + 1, n), w·x + b of every point, before the first step and after each.
        outputs: float64 (steps + 1, n), what the unit makes of them.
        mistakes: int64 (epochs,), steps of each epoch that moved the line.
        hulls: the smallest convex polygon around each class, −1 first.
        separable: whether some line divides the classes.
    """

    trace: "PerceptronTrace"
    sums: "Tensor"
    outputs: "Tensor"
    mistakes: "Tensor"
    hulls: tuple["Tensor", "Tensor"]
    separable: bool


def rule(asked: Question) -> RuleSeen:
    """The rule's way for a question; remembered."""
    from engine.serving.one_core import on_one_core

    return on_one_core(_rule, asked.points, asked.begin, asked.rate, asked.unit)


@remembered(64)
def _rule(points: str, begin: str, rate: float, unit: str) -> RuleSeen:
    import torch

    from engine.neurons.perceptron import convex_hull, perceptron_trace, separating_direction
    from engine.neurons.units import UNITS

    placed = read_points(points)
    first = torch.tensor([float(part) for part in begin.split(",")], dtype=torch.float64)
    places, targets = placed.places, placed.targets
    trace = perceptron_trace(places, targets, first[:2], first[2], rate, MOST_STEPS)
    sums = trace.weights @ places.T + trace.biases[:, None]
    epochs = trace.wrong.split(len(targets))
    return RuleSeen(
        trace=trace,
        sums=sums,
        outputs=UNITS[unit](sums),
        mistakes=torch.stack([epoch.sum() for epoch in epochs]),
        hulls=(convex_hull(places[targets < 0]), convex_hull(places[targets > 0])),
        separable=separating_direction(places, targets) is not None,
    )


@cache
def moments() -> list[int]:
    """After how many updates the hidden layer is looked at: few apart at first, then many."""
    last = MOMENTS - 1
    powers = [round(UPDATES ** (i / last)) for i in range(MOMENTS)]
    found = [0]
    for power in powers:
        found.append(max(found[-1] + 1, power))
    return found


@dataclass(frozen=True)
class HiddenSeen:
    """The hidden layer at one moment of its training.

    Attributes:
        placed: the points.
        net: its numbers.
        descent: the whole training.
        done: updates at this moment.
        seen, logits: of the points, float64 (n, h) and (n,).
        grid_seen, grid_logits: of a grid over the plane, float64 (41, 41, h) and (41, 41); the
            first row has the largest second input.
    """

    placed: Placed
    net: "HiddenNet"
    descent: "Descent"
    done: int
    seen: "Tensor"
    logits: "Tensor"
    grid_seen: "Tensor"
    grid_logits: "Tensor"


def hidden(asked: HiddenQuestion) -> HiddenSeen:
    """The hidden layer at the moment asked for; its training is remembered.

    Raises:
        InputError: the numbers typed are not as many as the net has.
    """
    from engine.serving.one_core import on_one_core

    return on_one_core(_hidden, asked)


def _hidden(asked: HiddenQuestion) -> HiddenSeen:
    import torch

    from engine.neurons.hidden_layer import net_of, see

    text = {"xor": XOR, "ring": RING, "own": asked.points}[asked.task]
    placed = read_points(text)
    start = asked.numbers or asked.seed
    descent = _descent(text, asked.units, start, asked.activation, asked.pace)
    done = min(moments()[asked.moment], len(descent.losses) - 1)
    net = net_of(descent.numbers[done])
    side = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    rows, columns = torch.meshgrid(side.flip(0), side, indexing="ij")
    grid_seen, grid_logits = see(net, torch.stack([columns, rows], dim=-1), asked.activation)
    seen, logits = see(net, placed.places, asked.activation)
    return HiddenSeen(placed, net, descent, done, seen, logits, grid_seen, grid_logits)


@remembered(24)
def _descent(points: str, units: int, start: str | int, activation: str, pace: float) -> "Descent":
    import torch

    from engine.neurons.hidden_layer import draw_net, net_of, train_hidden

    if isinstance(start, int):
        net = draw_net(units, start)
    else:
        numbers = [float(part) for part in start.split(",")]
        if len(numbers) != 4 * units + 1:
            raise InputError("net_numbers", units=units, wanted=4 * units + 1, found=len(numbers))
        net = net_of(torch.tensor(numbers, dtype=torch.float64))
    placed = read_points(points)
    return train_hidden(net, placed.places, placed.targets, activation, pace, UPDATES)


@cache
def digits() -> "tuple[Tensor, Tensor]":
    """scikit-learn's digits: ink from 0 to 1, float32 (1797, 64), and labels int64 (1797,)."""
    import torch
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return torch.tensor(pixels / INK, dtype=torch.float32), torch.tensor(labels)


@cache
def taught() -> "DigitNeurons":
    """Ten neurons, taught on the first 1,437 digits."""
    from engine.neurons.digit_neurons import teach_digits
    from engine.serving.one_core import on_one_core

    pictures, labels = digits()
    return on_one_core(teach_digits, pictures[:TRAINED], labels[:TRAINED], MOST_PASSES)


def first_drawing() -> str:
    """The first held-out 3, as a contract's text."""
    pictures, labels = digits()
    held = (labels[TRAINED:] == 3).nonzero()[0, 0] + TRAINED
    return "".join("0123456789abcdefg"[round(value * INK)] for value in pictures[held].tolist())


@dataclass(frozen=True)
class DigitSeen:
    """A drawing through ten neurons.

    Attributes:
        drawing: float32 (64,), ink from 0 to 1.
        weights, biases: float32 (10, 64) and (10,), the chosen neuron's with what was typed.
        sums: float32 (10,), w·x + b.
        products: float32 (64,), weight times ink of the chosen neuron.
        held_right: share of the held-out digits that the ten together answer rightly.
        trained_right: share of those that they were taught on.
    """

    drawing: "Tensor"
    weights: "Tensor"
    biases: "Tensor"
    sums: "Tensor"
    products: "Tensor"
    held_right: float
    trained_right: float


def digit(asked: DigitQuestion) -> DigitSeen:
    """What ten neurons say of the drawing.

    Raises:
        InputError: a typed weight is of a pixel that there is not.
    """
    import torch

    from engine.neurons.digit_neurons import answers

    text = asked.drawing or first_drawing()
    drawing = torch.tensor([int(sign, 17) for sign in text], dtype=torch.float32) / INK
    weights, biases = (each[asked.passes].clone() for each in (taught().weights, taught().biases))
    chosen = int(asked.digit)
    for place, value in read_typed(asked.typed).items():
        if place == BIAS_PLACE:
            biases[chosen] = value
        else:
            weights[chosen, place] = value
    pictures, labels = digits()
    right = (answers(weights, biases, pictures) == labels).float()
    return DigitSeen(
        drawing=drawing,
        weights=weights,
        biases=biases,
        sums=weights @ drawing + biases,
        products=weights[chosen] * drawing,
        held_right=right[TRAINED:].mean().item(),
        trained_right=right[:TRAINED].mean().item(),
    )


def read_typed(text: str) -> dict[int, float]:
    """Place → value; the last of several for one place counts.

    Raises:
        InputError: a place above 64.
    """
    pairs = [part.split(":") for part in text.split(";") if part]
    typed = {int(place): float(value) for place, value in pairs}
    for place in typed:
        if place > BIAS_PLACE:
            raise InputError("value_out_of_range", name="typed", low=0, high=64, value=place)
    return typed
