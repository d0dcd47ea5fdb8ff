"""What the Training studio shows of a segmenter: scenes with masks, and what a net says of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from engine.runs.opening import OpenedNet

WATCHED_SCENES = 6  # of the held-out ones, the first
SHOWN_SCENES = 8  # of those to learn from, before a training


def view_masks(
    opened: "OpenedNet", confusion: Sequence[Sequence[int]]
) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """The watched scenes through a net.

    Args:
        opened: the net.
        confusion: pixels of all held-out scenes, [true][said].

    Returns:
        ``pictures`` uint8 (n, H, W, 3), ``truth`` and ``said`` uint8 (n, H, W), ``iou`` float32
        (classes,), NaN for a class that neither is there nor is said; and ``pixel_accuracy``.
    """
    import torch

    from engine.segment.confusion import Confusion
    from engine.segment.masked_scenes import HELD_OUT, HELD_OUT_SEED, draw_masked_scenes
    from engine.serving.one_core import on_one_core

    pictures, truth = draw_masked_scenes(HELD_OUT, HELD_OUT_SEED)
    watched = pictures[:WATCHED_SCENES]

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            return opened.net(opened.prepare(watched)).argmax(dim=1).byte()

    figures = Confusion(np.array(confusion, np.int64))
    arrays = {
        "pictures": _as_arrays(watched),
        "truth": truth[:WATCHED_SCENES].numpy(),
        "said": on_one_core(forward).numpy(),
        "iou": figures.iou.astype(np.float32),
    }
    return arrays, {"masks": True, "pixel_accuracy": figures.pixel_accuracy}


def learnt_masks(seed: int, count: int) -> dict[str, np.ndarray]:
    """The first scenes that a run of that seed learns from: ``pictures`` and ``truth``."""
    from engine.segment.masked_scenes import draw_masked_scenes

    pictures, truth = draw_masked_scenes(min(count, SHOWN_SCENES), 2 * seed)
    return {"pictures": _as_arrays(pictures), "truth": truth.numpy()}


def _as_arrays(pictures: "Tensor") -> np.ndarray:
    """uint8 (N, 3, H, W) → uint8 (N, H, W, 3)."""
    return pictures.permute(0, 2, 3, 1).contiguous().numpy()
