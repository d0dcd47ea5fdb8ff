"""Where a single number of a network comes from, put together of numbers that add up to it.

Every account holds ``value``, the number that the network itself computed, and the numbers that
make it: their sum (product, maximum, mean …) equals ``value`` up to float32 rounding. Definitions
are those of ``torch.nn``.
"""

from dataclasses import dataclass

from torch import Tensor

from engine.convolution.conv2d import Cell


@dataclass(frozen=True)
class Pixel:
    """The picture: ``(pixel / 255 - mean) / std``, with ``pixel`` in [0, 255]."""

    pixel: float
    mean: float
    std: float
    value: float


@dataclass(frozen=True, eq=False)
class ConvSum:
    """A convolution: the products of each channel, their sums, all of them and the bias.

    Attributes:
        cell: patch, kernel and products (C, kh, kw), sums (C,), bias and total.
        channels: which maps of the input the C are; fewer than all where it is grouped.
        value: as the network computed it.
    """

    cell: Cell
    channels: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Term:
    """One product of a linear layer: ``input · weight``; where the input stands in its maps."""

    channel: int
    row: int
    col: int
    input: float
    weight: float
    product: float


@dataclass(frozen=True)
class LinearSum:
    """A linear layer: its strongest terms, what the others add up to, and the bias.

    Attributes:
        terms: by falling |product|; ties by the lower index.
        rest: sum of all others.
        rest_count: how many they are.
        by_channel: sum of the products of each map of the input (C,).
        bias, total: all products and the bias.
        value: as the network computed it.
    """

    terms: tuple[Term, ...]
    rest: float
    rest_count: int
    by_channel: tuple[float, ...]
    bias: float
    total: float
    value: float


@dataclass(frozen=True)
class Normed:
    """A norm: ``(x - mean) / std · scale + shift``; ``std`` is √(variance + ε)."""

    x: float
    mean: float
    std: float
    scale: float
    shift: float
    value: float


@dataclass(frozen=True, eq=False)
class Activated:
    """An activation: its value before and after, and its curve over the map's range.

    Attributes:
        x, value: before, after.
        curve_x, curve_y: float32 (97,), x from -a to a, a the map's largest |x|.
    """

    x: float
    value: float
    curve_x: Tensor
    curve_y: Tensor


@dataclass(frozen=True, eq=False)
class Pooled:
    """A pool: the window of one map, and its largest value or its mean.

    Attributes:
        how: "max" or "mean".
        top, left: the window's first cell in the map; negative in the padding.
        window: float32 (h, w); 0 where ``is_padding``.
        is_padding: bool (h, w), outside the map: never the largest.
        count: what a mean divides by.
        winner: (row, column) in the map of the largest value, the first in reading order; None for
            a mean.
        value: as the network computed it.
    """

    how: str
    top: int
    left: int
    window: Tensor
    is_padding: Tensor
    count: int
    winner: tuple[int, int] | None
    value: float


@dataclass(frozen=True)
class Combined:
    """A sum or a product of a few numbers; ``how`` is "add", "sub", "mul" or "div"."""

    how: str
    operands: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class Taken:
    """A concatenation: the number is that of map ``channel`` of its input number ``source``."""

    source: int
    channel: int
    value: float


@dataclass(frozen=True)
class Share:
    """The softmax: ``exp(logit) / Σ exp(logits)``, both lessened by the largest logit.

    Attributes:
        logits, exps: (classes,).
        value: of the class that is asked about.
    """

    logits: tuple[float, ...]
    exps: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class Untold:
    """An operation whose sums are not taken apart here; ``call`` names it."""

    call: str
    value: float


Account = (
    Pixel | ConvSum | LinearSum | Normed | Activated | Pooled | Combined | Taken | Share | Untold
)
