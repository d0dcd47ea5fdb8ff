"""Pooling: one number for each window of a map, and what that does when the picture shifts.

Windows do not reach over the edge (PyTorch's default, no padding): cells that the last window does
not cover are dropped.

Source: documentation of ``torch.nn.MaxPool2d`` and ``AvgPool2d``; shift tolerance is measured as in
Zhang, "Making Convolutional Networks Shift-Invariant Again" (2019): pool, shift, compare.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.errors import InputError

#: The product's ranges, both ends included.
WINDOW_RANGE = range(1, 9)
STRIDE_RANGE = range(1, 9)


@dataclass(frozen=True)
class Pool:
    """The settings of a pooling layer.

    Args:
        kind: "max" keeps each window's largest value, "avg" its mean.
        window_px: side of the square window, 1 to 8.
        stride: cells from one window to the next, 1 to 8.

    Raises:
        InputError: a setting is out of its range.
    """

    kind: Literal["max", "avg"] = "max"
    window_px: int = 2
    stride: int = 2

    def __post_init__(self) -> None:
        if self.kind not in ("max", "avg"):
            raise InputError("value_not_a_choice", name="kind", choices="max, avg", value=self.kind)
        for name, accepted in (("window_px", WINDOW_RANGE), ("stride", STRIDE_RANGE)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value not in accepted:
                low, high = accepted[0], accepted[-1]
                raise InputError(f"pool_{name}", low=low, high=high, value=value)


def pool2d(maps: Tensor, pool: Pool) -> Tensor:
    """Keep the largest value, or the mean, of every window of every map.

    Args:
        maps: ``(C, H, W)`` float.
        pool: the settings.

    Returns:
        ``(C, OH, OW)`` float.

    Raises:
        InputError: the window is larger than the map.
    """
    _check(maps, pool)
    windows = maps.unfold(1, pool.window_px, pool.stride).unfold(2, pool.window_px, pool.stride)
    return windows.amax(dim=(3, 4)) if pool.kind == "max" else windows.mean(dim=(3, 4))


@dataclass(frozen=True)
class Window:
    """Where one pooled value comes from: a box of the map, half-open, and the cell that won.

    Attributes:
        top, left, bottom, right: the window.
        winner: ``(row, col)`` of the largest value, the first in reading order where several are
            equal; ``None`` for average pooling, where every cell has a say.
    """

    top: int
    left: int
    bottom: int
    right: int
    winner: tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class PoolTrace:
    """A pooling whose every cell can be asked where it comes from.

    Attributes:
        input: ``(C, H, W)`` float32.
        output: ``(C, OH, OW)`` float32, computed by PyTorch.
        winners: ``(C, OH, OW)`` int64, ``row * W + col`` of each window's winner; ``None`` for
            average pooling.
        pool: the settings.
    """

    input: Tensor
    output: Tensor
    winners: Tensor | None
    pool: Pool

    def window(self, channel: int, row: int, col: int) -> Window:
        """The window behind the output cell ``(row, col)`` of ``channel``.

        Raises:
            InputError: there is no such cell.
        """
        at = {"channel": channel, "row": row, "column": col}
        for (name, index), size in zip(at.items(), self.output.shape, strict=True):
            if not 0 <= index < size:
                raise InputError("value_out_of_range", name=name, low=0, high=size - 1, value=index)
        top, left = row * self.pool.stride, col * self.pool.stride
        winner = None
        if self.winners is not None:
            winner = divmod(int(self.winners[channel, row, col]), self.input.shape[2])
        side = self.pool.window_px
        return Window(top, left, top + side, left + side, winner)


def pool2d_trace(maps: Tensor, pool: Pool) -> PoolTrace:
    """Pool with PyTorch, and keep which cell won each window; float32, on the CPU.

    Args:
        maps: ``(C, H, W)`` float.
        pool: the settings.

    Raises:
        InputError: the window is larger than the map.
    """
    _check(maps, pool)
    maps = maps.detach().to("cpu", torch.float32)
    if pool.kind == "avg":
        return PoolTrace(maps, F.avg_pool2d(maps, pool.window_px, pool.stride), None, pool)
    output, winners = F.max_pool2d(maps, pool.window_px, pool.stride, return_indices=True)
    return PoolTrace(maps, output, winners, pool)


def shift(maps: Tensor, dy_px: int, dx_px: int) -> Tensor:
    """Move the content down by ``dy_px`` and right by ``dx_px``; the edge's cells fill what opens.

    Args:
        maps: ``(..., H, W)``, any type.
        dy_px: rows, may be negative.
        dx_px: columns, may be negative.

    Returns:
        A new tensor of the same shape and type.
    """
    height, width = maps.shape[-2:]
    rows = (torch.arange(height, device=maps.device) - dy_px).clamp(0, height - 1)
    cols = (torch.arange(width, device=maps.device) - dx_px).clamp(0, width - 1)
    return maps[..., rows[:, None], cols]


@dataclass(frozen=True)
class ShiftChange:
    """How much maps change when what they show shifts.

    Changes are relative L2 distances, ``‖shifted − maps‖ / max(‖shifted‖, ‖maps‖)``: 0 is no change
    at all, 2 the most there can be.

    Attributes:
        shift_px: how far the content moved to the right.
        unpooled: the change of the maps.
        pooled: the change of the maps after pooling.
    """

    shift_px: int
    unpooled: float
    pooled: float


def shift_changes(maps: Tensor, pool: Pool, max_shift_px: int) -> tuple[ShiftChange, ...]:
    """Measure shift tolerance: move the maps right by 0, 1, ... px, before and after pooling.

    Args:
        maps: ``(C, H, W)`` float.
        pool: the settings.
        max_shift_px: the last shift, at least 0.

    Returns:
        One measurement for each shift from 0 to ``max_shift_px``.

    Raises:
        InputError: the window is larger than the map.
    """
    pooled = pool2d(maps, pool)
    changes = []
    for shift_px in range(max_shift_px + 1):
        moved = shift(maps, 0, shift_px)
        after_pooling = relative_change(pool2d(moved, pool), pooled)
        changes.append(ShiftChange(shift_px, relative_change(moved, maps), after_pooling))
    return tuple(changes)


def relative_change(changed: Tensor, original: Tensor) -> float:
    """The relative L2 distance of two tensors of one shape, as :class:`ShiftChange` states it."""
    original = original.double()  # 32 bits would not hold the squares of small differences
    changed = changed.double()
    distance = torch.linalg.vector_norm(changed - original)
    if distance == 0:
        return 0.0
    norms = torch.linalg.vector_norm(changed), torch.linalg.vector_norm(original)
    return (distance / torch.maximum(*norms)).item()


def _check(maps: Tensor, pool: Pool) -> None:
    if maps.ndim != 3:
        raise ValueError(f"(C, H, W) maps are needed, not {tuple(maps.shape)}")
    _, height, width = maps.shape
    if min(height, width) < pool.window_px:
        size = f"{height} × {width}"
        raise InputError("pool_window_too_large", window=pool.window_px, size=size)
