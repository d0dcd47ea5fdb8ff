"""Occlusion: cover a window of the picture, and see how far the score falls.

Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014. The
same windows and averages as Captum's ``Occlusion``, which is the oracle in the tests; here the
windows come in batches, so that progress is true and the work can be abandoned.
"""

from collections.abc import Generator

import torch
from torch import Tensor

from engine.explain.target_score import BATCH, TargetScore
from engine.progress import Progress


def window_starts(length_px: int, window_px: int, stride_px: int) -> range:
    """Where windows begin along one side; the last one reaches the border or is cut off by it."""
    return range(0, length_px - window_px + stride_px, stride_px)


@torch.no_grad()
def occlusion_steps(
    score: TargetScore, x: Tensor, baseline: Tensor, window_px: int, stride_px: int
) -> Generator[Progress[Tensor]]:
    """How far the score falls with each window covered: one forward pass a window, and one more.

    Args:
        score: the number to explain.
        x: float32 ``(1, 3, H, W)``.
        baseline: float32 ``(1, 3, H, W)``, what is seen through a covered window.
        window_px: side of the square window, ``1 <= window_px <= min(H, W)``.
        stride_px: from one window to the next, ``1 <= stride_px <= window_px``.

    Yields:
        Progress in windows; the last with the falls, float32 ``(rows, columns)``, one a window;
        below 0 where the score rose.
    """
    rows, columns = (window_starts(side, window_px, stride_px) for side in x.shape[2:])
    corners = [(top, left) for top in rows for left in columns]
    uncovered = score(x)  # (1,)
    falls: list[Tensor] = []
    for first in range(0, len(corners), BATCH):
        chunk = corners[first : first + BATCH]
        covered = x.repeat(len(chunk), 1, 1, 1)
        for i, (top, left) in enumerate(chunk):
            window = (..., slice(top, top + window_px), slice(left, left + window_px))
            covered[i][window] = baseline[0][window]
        falls.append(uncovered - score(covered))
        done = first + len(chunk)
        grid = torch.cat(falls).view(len(rows), len(columns)) if done == len(corners) else None
        yield Progress(done, len(corners), grid)


def spread(falls: Tensor, size: tuple[int, int], window_px: int, stride_px: int) -> Tensor:
    """Give each pixel the mean fall of the windows that covered it.

    Args:
        falls: float32 ``(rows, columns)`` from :func:`occlusion_steps`.
        size: ``(H, W)`` of the picture.

    Returns:
        float32 ``(H, W)``.
    """
    total, windows = falls.new_zeros(size), falls.new_zeros(size)
    for i, top in enumerate(window_starts(size[0], window_px, stride_px)):
        for j, left in enumerate(window_starts(size[1], window_px, stride_px)):
            window = (slice(top, top + window_px), slice(left, left + window_px))
            total[window] += falls[i, j]
            windows[window] += 1
    return total / windows
