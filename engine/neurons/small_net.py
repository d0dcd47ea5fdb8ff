"""A net with one hidden layer, small enough that every number of it can be read and typed.

In float64 throughout. The loss of an example is the textbook's: ½ Σ (y − t)² (Rumelhart, Hinton
and Williams 1986), Σ |y − t|, or the cross-entropy −Σ t ln y; that of a batch is the mean over its
examples. With cross-entropy the outputs are probabilities: a sigmoid for one, a softmax for more.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.errors import InputError

Sizes = tuple[int, int, int]  # inputs, hidden neurons, outputs
DECIMALS = 1  # of drawn numbers, so that they are read and typed easily
REACH = 1.5  # of drawn weights
XOR = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


@dataclass(frozen=True)
class Rules:
    """What the net does with its sums, and how wrong it is held to be.

    Attributes:
        activation: of the hidden neurons: "sigmoid", "tanh" or "relu".
        output: of the outputs: "linear", or "same" as the hidden ones; cross-entropy has its own.
        loss: "squared", "absolute" or "cross_entropy".
    """

    activation: str = "sigmoid"
    output: str = "linear"
    loss: str = "squared"

    def output_function(self, outputs: int) -> str:
        """What an output does with its sum: an activation's name, "linear" or "softmax"."""
        if self.loss == "cross_entropy":
            return "sigmoid" if outputs == 1 else "softmax"
        return self.activation if self.output == "same" else "linear"


@dataclass(frozen=True, eq=False)
class SmallNet:
    """Weights and biases; further dimensions in front stand for further nets of the same sizes.

    Attributes:
        weight1: float64 (…, hidden, inputs); ``weight1[j, i]`` leads from input i to neuron j.
        bias1: float64 (…, hidden).
        weight2: float64 (…, outputs, hidden).
        bias2: float64 (…, outputs).
    """

    weight1: Tensor
    bias1: Tensor
    weight2: Tensor
    bias2: Tensor

    @property
    def sizes(self) -> Sizes:
        """Inputs, hidden neurons, outputs."""
        hidden, inputs = self.weight1.shape[-2:]
        return inputs, hidden, self.weight2.shape[-2]

    def flat(self) -> Tensor:
        """All numbers in one row, float64 (…, P), in the order of :func:`parameter_names`."""
        weights = [self.weight1.flatten(-2), self.bias1, self.weight2.flatten(-2), self.bias2]
        return torch.cat(weights, dim=-1)

    @staticmethod
    def of(flat: Tensor, sizes: Sizes) -> "SmallNet":
        """The net with these numbers, (…, P)."""
        inputs, hidden, outputs = sizes
        counts = [hidden * inputs, hidden, outputs * hidden, outputs]
        weight1, bias1, weight2, bias2 = flat.split(counts, dim=-1)
        return SmallNet(
            weight1.unflatten(-1, (hidden, inputs)),
            bias1,
            weight2.unflatten(-1, (outputs, hidden)),
            bias2,
        )


@dataclass(frozen=True, eq=False)
class Forward:
    """What N examples give on their way through, float64, with the nets' dimensions first.

    Attributes:
        sums1, hidden: (…, N, hidden), Σ w · x + b and the activation of it.
        sums2, outputs: (…, N, outputs).
        losses: (…, N), of each example.
    """

    sums1: Tensor
    hidden: Tensor
    sums2: Tensor
    outputs: Tensor
    losses: Tensor


def parameter_names(sizes: Sizes) -> list[str]:
    """As code has them, all weights and biases: ``W1[j,i]``, ``b1[j]``, ``W2[k,j]``, ``b2[k]``."""
    inputs, hidden, outputs = sizes
    return [
        *(f"W1[{j},{i}]" for j in range(hidden) for i in range(inputs)),
        *(f"b1[{j}]" for j in range(hidden)),
        *(f"W2[{k},{j}]" for k in range(outputs) for j in range(hidden)),
        *(f"b2[{k}]" for k in range(outputs)),
    ]


def forward(net: SmallNet, rules: Rules, inputs: Tensor, targets: Tensor) -> Forward:
    """The examples' way through the net.

    Args:
        net: one or several, which see the same examples.
        rules: activation and loss.
        inputs: float64 (N, inputs), or with the nets' dimensions in front.
        targets: float64 (N, outputs), likewise.
    """
    sums1 = inputs @ net.weight1.mT + net.bias1.unsqueeze(-2)
    hidden = activate(rules.activation, sums1)
    return finish(net, rules, sums1, hidden, targets)


def finish(net: SmallNet, rules: Rules, sums1: Tensor, hidden: Tensor, targets: Tensor) -> Forward:
    """The rest of the way, from what the hidden neurons pass on."""
    sums2 = hidden @ net.weight2.mT + net.bias2.unsqueeze(-2)
    outputs = activate(rules.output_function(targets.shape[-1]), sums2)
    return Forward(sums1, hidden, sums2, outputs, losses_of(rules, sums2, outputs, targets))


def activate(name: str, sums: Tensor) -> Tensor:
    """f(z) of each sum; softmax runs over the last dimension."""
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
    if name == "softmax":
        return sums.softmax(dim=-1)
    return functions[name](sums) if name in functions else sums


def slope(name: str, sums: Tensor, values: Tensor) -> Tensor:
    """f′(z), written with z and f(z); at ReLU's kink it is 0, as in PyTorch."""
    if name == "sigmoid":
        return values * (1 - values)
    if name == "tanh":
        return 1 - values.square()
    return (sums > 0).to(sums.dtype) if name == "relu" else torch.ones_like(sums)


def losses_of(rules: Rules, sums2: Tensor, outputs: Tensor, targets: Tensor) -> Tensor:
    """The loss of each example (…, N); cross-entropy from the sums, in log space."""
    if rules.loss == "squared":
        return ((outputs - targets).square() / 2).sum(dim=-1)
    if rules.loss == "absolute":
        return (outputs - targets).abs().sum(dim=-1)
    if targets.shape[-1] == 1:
        return -(targets * F.logsigmoid(sums2) + (1 - targets) * F.logsigmoid(-sums2)).sum(dim=-1)
    return -(targets * sums2.log_softmax(dim=-1)).sum(dim=-1)


def first_net(sizes: Sizes, seed: int = 2) -> SmallNet:
    """The net that is there before anybody types: drawn, in [-1.5, 1.5], rounded to be readable."""
    generator = torch.Generator().manual_seed(seed)
    count = len(parameter_names(sizes))
    drawn = torch.rand(count, generator=generator, dtype=torch.float64) * 2 - 1
    return SmallNet.of((drawn * REACH).round(decimals=DECIMALS) + 0.0, sizes)  # no −0


def first_batch(sizes: Sizes, examples: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Examples before anybody types: XOR where it fits, else drawn ones with a class each.

    Returns:
        Inputs float64 (N, inputs) in [0, 1], targets float64 (N, outputs), 0 or 1.
    """
    inputs, _, outputs = sizes
    if (inputs, outputs) == (2, 1) and examples <= len(XOR):
        rows = torch.tensor(XOR[:examples], dtype=torch.float64)
        return rows[:, :2], rows[:, 2:]
    generator = torch.Generator().manual_seed(seed)
    seen = torch.rand(examples, inputs, generator=generator, dtype=torch.float64)
    kinds = torch.arange(examples) % max(outputs, 2)
    targets = F.one_hot(kinds, max(outputs, 2)).double()
    return seen.round(decimals=DECIMALS), targets[:, -outputs:]


def check_finite(found: Forward) -> None:
    """Nothing that is shown may be larger than 64 bits can hold.

    Raises:
        InputError: something has overflowed; names the first number on the way that has.
    """
    for name in ("sums1", "hidden", "sums2", "outputs", "losses"):
        if not bool(torch.isfinite(getattr(found, name)).all()):
            raise InputError("net_overflows", place=_PLACES[name])
    if not bool(torch.isfinite(found.losses.sum())):
        raise InputError("net_overflows", place="Σ L")


_PLACES = {"sums1": "z1", "hidden": "h", "sums2": "z2", "outputs": "y", "losses": "L"}
