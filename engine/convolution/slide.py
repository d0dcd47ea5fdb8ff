"""How a kernel slides: the settings, which of them are legal, and who meets whom.

Along one axis a convolution is a single relation between an output cell ``o``, a weight ``t`` and
an input cell ``i``, and a transposed convolution is the same relation with the two cells swapped:

    convolution              i = o * stride + t * dilation - padding
    transposed convolution   o = i * stride + t * dilation - padding

Everything that a page lights up (the patch under an output cell, the cells that an input feeds)
reads this relation forwards or backwards.

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016); the
meaning of each setting is that of ``torch.nn.Conv2d`` and ``torch.nn.ConvTranspose2d``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.errors import InputError

#: The product's ranges, both ends included.
RANGES: dict[str, range] = {
    "kernel_size": range(1, 8),
    "stride": range(1, 5),
    "padding": range(4),
    "dilation": range(1, 4),
}


@dataclass(frozen=True)
class Slide:
    """The settings of a sliding kernel, alike along both axes.

    Args:
        kernel_size: side of the square kernel, 1 to 7.
        stride: cells that the kernel moves on from one position to the next, 1 to 4.
        padding: zeros around the input, 0 to 3 on each side, or ``"same"`` for as many as keep the
            size; where that number is odd, the extra zero comes after, as in PyTorch. In a
            transposed convolution padding *cuts* that many cells from each side of the output.
        dilation: cells from one weight to the next, 1 to 3; at 1 they are neighbours.
        transposed: whether each input cell stamps the kernel onto the output, instead of each
            output cell reading the input through it. PyTorch's ``output_padding`` is 0.

    Raises:
        InputError: a setting is out of its range, or ``"same"`` is asked of a stride above 1 or of
            a transposed convolution, neither of which PyTorch defines.
    """

    kernel_size: int = 3
    stride: int = 1
    padding: int | Literal["same"] = 0
    dilation: int = 1
    transposed: bool = False

    def __post_init__(self) -> None:
        for name, accepted in RANGES.items():
            value = getattr(self, name)
            if name == "padding" and value == "same":
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value not in accepted:
                low, high = accepted[0], accepted[-1]
                raise InputError(f"slide_{name}", low=low, high=high, value=value)
        if self.padding == "same" and self.stride != 1:
            raise InputError("slide_same_stride", stride=self.stride)
        if self.padding == "same" and self.transposed:
            raise InputError("slide_same_transposed")

    @property
    def extent(self) -> int:
        """Cells from the kernel's first weight to its last, both included."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def pads(self) -> tuple[int, int]:
        """Cells added before and after the input (transposed: cut from the output)."""
        if self.padding == "same":
            before = (self.extent - 1) // 2
            return before, self.extent - 1 - before
        return self.padding, self.padding

    @property
    def receptive_field_px(self) -> int:
        """Input cells from the first to the last that one output cell can see, along one axis.

        For a convolution ``dilation * (kernel_size - 1) + 1``. In a transposed convolution the
        stride decides which weights reach an output cell, so the widest case counts.
        """
        if not self.transposed:
            return self.extent
        reaches = [range(phase, self.extent, self.stride) for phase in range(self.stride)]
        seen = [[at for at in reach if at % self.dilation == 0] for reach in reaches]
        return max((hits[-1] - hits[0]) // self.stride + 1 for hits in seen if hits)

    @property
    def smallest_input_px(self) -> int:
        """Side of the smallest input that gives at least one output cell."""
        spare = sum(self.pads)
        if not self.transposed:
            return max(1, self.extent - spare)
        strides = -(-(spare + 1 - self.extent) // self.stride)  # rounded up
        return max(1, strides + 1)

    def check_fits(self, input_size: Sequence[int]) -> None:
        """Raise :class:`InputError` where an input of this size gives no output cell.

        Args:
            input_size: ``(H, W)``, or ``(W,)`` for a single row.
        """
        if min(input_size) < self.smallest_input_px:
            key = "slide_cuts_everything" if self.transposed else "slide_input_too_small"
            size = " × ".join(str(side) for side in input_size)
            raise InputError(key, size=size, smallest=self.smallest_input_px, extent=self.extent)

    def axis(self, input_px: int) -> "Axis":
        """This slide along an axis of ``input_px`` cells."""
        return Axis(
            input_px, self.kernel_size, self.stride, *self.pads, self.dilation, self.transposed
        )


@dataclass(frozen=True)
class Axis:
    """One axis of a slide: which input cell meets which output cell through which weight."""

    input_px: int
    kernel_size: int = 1
    stride: int = 1
    pad_before: int = 0
    pad_after: int = 0
    dilation: int = 1
    transposed: bool = False

    def sources(self, output: int) -> tuple[int | None, ...]:
        """The input index that each weight reads for the output cell ``output``.

        ``(kernel_size,)``. An index outside ``0 <= i < input_px`` is padding. ``None`` (transposed
        only) is a gap: the stride leaves no input cell whose stamp puts that weight there.
        """
        step = self._against if self.transposed else self._along
        return tuple(step(output, tap) for tap in range(self.kernel_size))

    def targets(self, input_: int, output_px: int) -> tuple[int | None, ...]:
        """The output index that the input cell ``input_`` feeds through each weight.

        ``(kernel_size,)``, ``None`` where that weight never meets the cell.
        """
        step = self._along if self.transposed else self._against
        reached = (step(input_, tap) for tap in range(self.kernel_size))
        return tuple(at if at is not None and 0 <= at < output_px else None for at in reached)

    def holds(self, index: int | None) -> bool:
        """Whether ``index`` is a cell of the input, neither padding nor gap."""
        return index is not None and 0 <= index < self.input_px

    def _along(self, cell: int, tap: int) -> int:
        return cell * self.stride + tap * self.dilation - self.pad_before

    def _against(self, cell: int, tap: int) -> int | None:
        whole, rest = divmod(cell + self.pad_before - tap * self.dilation, self.stride)
        return None if rest else whole


def legal_ranges(slide: Slide, input_size: Sequence[int]) -> dict[str, tuple[int, int]]:
    """The first and last legal value of each control, the others held where they are.

    Legal means: within the product's ranges, accepted by PyTorch, and at least one output cell.
    Every value between the two is legal as well.

    Args:
        slide: the settings as they are.
        input_size: ``(H, W)``, or ``(W,)`` for a single row.

    Returns:
        ``(first, last)`` by "kernel_size", "stride", "padding" and "dilation". A control without a
        legal value is absent: padding, where it is ``"same"`` and no number of zeros would do
        instead; others only where ``slide`` does not fit ``input_size`` as it is.
    """
    legal = {
        name: [value for value in accepted if _is_legal(slide, input_size, **{name: value})]
        for name, accepted in RANGES.items()
    }
    return {name: (values[0], values[-1]) for name, values in legal.items() if values}


def legal_switches(slide: Slide, input_size: Sequence[int]) -> dict[str, bool]:
    """Whether ``"same"`` padding and ``transposed`` may be flipped, the others held.

    Args:
        slide: the settings as they are.
        input_size: ``(H, W)``, or ``(W,)`` for a single row.

    Returns:
        ``{"same": bool, "transposed": bool}``. Flipping "same" off means going to a number of
        zeros within :func:`legal_ranges`.
    """
    if slide.padding == "same":
        same = "padding" in legal_ranges(slide, input_size)
    else:
        same = _is_legal(slide, input_size, padding="same")
    flipped = not slide.transposed
    return {"same": same, "transposed": _is_legal(slide, input_size, transposed=flipped)}


def _is_legal(slide: Slide, input_size: Sequence[int], **changes: object) -> bool:
    try:
        replace(slide, **changes).check_fits(input_size)
    except InputError:
        return False
    return True
