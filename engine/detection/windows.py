"""The sliding window: where windows lie, the crops under them, and the pyramid of picture sizes.

A detector looks at every place (the grid) and for every size (the pyramid: the window stays, the
picture shrinks, so that the window covers more of it).

Sources: Rowley, Baluja, Kanade, "Neural Network-Based Face Detection", PAMI 1998; Burt & Adelson,
"The Laplacian Pyramid", 1983.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.errors import InputError

#: Pictures in one pyramid at most.
MOST_LEVELS = 64


@dataclass(frozen=True)
class Grid:
    """All places of a window on a picture, row by row, ``stride_px`` apart, none over the border.

    Attributes:
        size: ``(H, W)`` of the picture in pixels.
        window_px: ``(height, width)`` of the window.
        stride_px: pixels from one window to the next, down and across.

    Raises:
        InputError: the window does not fit into the picture, or a number is below 1.
    """

    size: tuple[int, int]
    window_px: tuple[int, int]
    stride_px: int

    def __post_init__(self) -> None:
        for name, value in (("window", min(self.window_px)), ("stride", self.stride_px)):
            if value < 1:
                high = max(self.size)
                raise InputError("value_out_of_range", name=name, low=1, high=high, value=value)
        if any(side > room for side, room in zip(self.window_px, self.size, strict=True)):
            window, size = (f"{w} × {h}" for h, w in (self.window_px, self.size))
            raise InputError("window_too_large", window=window, size=size)

    @property
    def shape(self) -> tuple[int, int]:
        """Windows down and across: ``⌊(side - window) / stride⌋ + 1`` each."""
        rows, columns = (
            (side - window) // self.stride_px + 1
            for side, window in zip(self.size, self.window_px, strict=True)
        )
        return rows, columns

    @property
    def count(self) -> int:
        """All windows."""
        rows, columns = self.shape
        return rows * columns

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """The window ``(row, column)`` as ``xyxy`` pixels.

        Raises:
            InputError: there is no such window.
        """
        for name, at, there in zip(("row", "column"), (row, column), self.shape, strict=True):
            if not 0 <= at < there:
                raise InputError("value_out_of_range", name=name, low=0, high=there - 1, value=at)
        y, x = row * self.stride_px, column * self.stride_px
        return x, y, x + self.window_px[1], y + self.window_px[0]

    def boxes(self) -> Tensor:
        """All windows in reading order, float32 ``(rows * columns, 4)``, ``xyxy``."""
        y, x = (torch.arange(n, dtype=torch.float32) * self.stride_px for n in self.shape)
        top, left = (side.flatten() for side in torch.meshgrid(y, x, indexing="ij"))
        height, width = self.window_px
        return torch.stack([left, top, left + width, top + height], dim=1)

    def every(self, stride_px: int) -> tuple["Grid", int]:
        """A coarser grid among the windows of this one, and how many steps apart they lie here.

        ``map[..., ::step, ::step]`` of a map over this grid is the map over the coarser one.

        Raises:
            InputError: the stride is no multiple of this grid's.
        """
        if stride_px < self.stride_px or stride_px % self.stride_px:
            accepted = f"{self.stride_px}, {2 * self.stride_px}, {3 * self.stride_px}, …"
            raise InputError("value_wrong", name="stride", value=stride_px, accepted=accepted)
        return Grid(self.size, self.window_px, stride_px), stride_px // self.stride_px


def crops(picture: Tensor, grid: Grid) -> Tensor:
    """What lies under every window, without copying a pixel.

    Args:
        picture: ``(C, H, W)``, any type, of the grid's size.
        grid: the windows.

    Returns:
        A view ``(rows, columns, C, h, w)`` of the picture.

    Raises:
        ValueError: a picture of another size.
    """
    if picture.ndim != 3 or tuple(picture.shape[1:]) != grid.size:
        raise ValueError(f"a (C, H, W) picture of {grid.size} is needed, not {picture.shape}")
    height, width = grid.window_px
    windows = picture.unfold(1, height, grid.stride_px).unfold(2, width, grid.stride_px)
    return windows.permute(1, 2, 0, 3, 4)  # from (C, rows, columns, h, w)


def crop_batches(picture: Tensor, grid: Grid, batch: int) -> Iterator[Tensor]:
    """The crops in reading order, at most ``batch`` of them copied at a time: ``(n, C, h, w)``.

    Raises:
        ValueError: a picture of another size.
    """
    windows = crops(picture, grid)
    columns = grid.shape[1]
    for first in range(0, grid.count, batch):
        at = torch.arange(first, min(first + batch, grid.count), device=picture.device)
        yield windows[at // columns, at % columns]


@dataclass(frozen=True)
class Level:
    """One picture of a pyramid.

    Attributes:
        size: its ``(H, W)`` in pixels.
        original: ``(H, W)`` of the picture that it was scaled from.
    """

    size: tuple[int, int]
    original: tuple[int, int]

    @property
    def scale(self) -> tuple[float, float]:
        """Its height and width as shares of the original's; whole pixels make them differ."""
        return self.size[0] / self.original[0], self.size[1] / self.original[1]

    def to_original(self, boxes: Tensor) -> Tensor:
        """Boxes on this level ``(..., 4)`` as boxes on the original picture."""
        down, across = self.scale
        return boxes / torch.tensor([across, down, across, down], device=boxes.device)

    def draw(self, picture: Tensor) -> Tensor:
        """The original ``(C, H, W)``, float, at this level's size; smoothed where it shrinks.

        Raises:
            ValueError: a picture of another size.
        """
        if picture.ndim != 3 or tuple(picture.shape[1:]) != self.original:
            raise ValueError(f"a (C, H, W) picture of {self.original}, not {picture.shape}")
        if self.size == self.original:
            return picture
        drawn = F.interpolate(picture[None], size=self.size, mode="bilinear", antialias=True)
        return drawn[0]


def pyramid(
    size: tuple[int, int],
    window_px: tuple[int, int],
    step: float = 1.25,
    first_scale: float = 1.0,
) -> tuple[Level, ...]:
    """The sizes at which a picture is searched, largest first, as long as the window fits.

    Args:
        size: ``(H, W)`` of the picture.
        window_px: ``(height, width)`` of the window.
        step: each level is this many times smaller than the one before; above 1, at most 10.
        first_scale: size of the first level; above 1 it finds what is smaller than the window.

    Returns:
        At most :data:`MOST_LEVELS` levels.

    Raises:
        InputError: a number is out of range, or the window does not fit into the first level.
    """
    if not 1.01 <= step <= 10:
        raise InputError("value_out_of_range", name="step", low=1.01, high=10, value=step)
    if not 0.01 <= first_scale <= 8:
        value = first_scale
        raise InputError("value_out_of_range", name="scale", low=0.01, high=8, value=value)
    levels = []
    for index in range(MOST_LEVELS):
        scale = first_scale / step**index
        height, width = (round(side * scale) for side in size)
        if height < window_px[0] or width < window_px[1]:
            break
        levels.append(Level((height, width), size))
    if not levels:
        window, there = (f"{w} × {h}" for h, w in (window_px, size))
        raise InputError("window_too_large", window=window, size=there)
    return tuple(levels)
