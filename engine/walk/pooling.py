"""The window behind one number of a pooling operation, of fixed size or fitted to the map.

Source: documentation of ``torch.nn.MaxPool2d``, ``AvgPool2d`` and ``AdaptiveAvgPool2d`` (a fitted
window goes from ⌊i·H/h⌋ to ⌈(i + 1)·H/h⌉).
"""

import torch
from torch import Tensor, fx, nn

from engine.nets.windows import window_of
from engine.walk.accounts import Pooled
from engine.walk.operations import Operation


def tell(
    x: Tensor,
    operation: Operation,
    node: fx.Node,
    module: nn.Module | None,
    place: tuple[int, ...],
    value: float,
) -> Pooled | None:
    """The window of a pooled number.

    Args:
        x: float32 (C, H, W), or (C,), what is pooled.
        operation, node, module: what pools.
        place: (channel, row, column), or (channel,) where one number is left of a map.
        value: what came out.
    """
    maps = x if x.dim() == 3 else x[:, None, None]
    channel, row, col = (*place, 0, 0)[:3]
    map_ = maps[channel]
    is_max = "max" in operation.call.lower()
    windows = window_of(node, module)
    if windows is not None:
        if any(window.dilation != 1 for window in windows):
            return None
        tops = [at * w.stride - w.before for at, w in zip((row, col), windows, strict=True)]
        sides = [window.length for window in windows]
    else:
        fitted = operation.shape[1:] if len(operation.shape) == 3 else (1, 1)
        spans = zip((row, col), map_.shape, fitted, strict=True)
        bounds = [(i * size // n, -(-(i + 1) * size // n)) for i, size, n in spans]
        tops, sides = [low for low, _ in bounds], [high - low for low, high in bounds]
    window, is_padding = _cut(map_, tops, sides)
    winner = None
    if is_max:
        at = int(window.masked_fill(is_padding, -torch.inf).argmax())
        winner = tops[0] + at // sides[1], tops[1] + at % sides[1]
    return Pooled(
        how="max" if is_max else "mean",
        top=tops[0],
        left=tops[1],
        window=window,
        is_padding=is_padding,
        count=_divisor(module, is_padding),
        winner=winner,
        value=value,
    )


def _cut(map_: Tensor, tops: list[int], sides: list[int]) -> tuple[Tensor, Tensor]:
    """The window (h, w) of a map, 0 outside it, and where it is outside."""
    rows = torch.arange(tops[0], tops[0] + sides[0])
    cols = torch.arange(tops[1], tops[1] + sides[1])
    height, width = map_.shape
    outside = ((rows < 0) | (rows >= height))[:, None] | (cols < 0) | (cols >= width)
    cells = map_[rows.clamp(0, height - 1)[:, None], cols.clamp(0, width - 1)]
    return cells.masked_fill(outside, 0), outside


def _divisor(module: nn.Module | None, is_padding: Tensor) -> int:
    """Padding counts in a mean unless the pool says otherwise; cells beyond it never do."""
    padded = isinstance(module, nn.AvgPool2d) and module.count_include_pad and not module.ceil_mode
    return is_padding.numel() if padded else int((~is_padding).sum())
