"""The drawn scenes with masks that a segmenter learns from, and those kept apart to judge it by.

A run of seed s learns from scenes of seed 2·s; all are judged by the first ``HELD_OUT`` scenes of
seed ``HELD_OUT_SEED``, which is odd, so that nobody has ever learnt from them.
"""

import numpy as np
import torch
from torch import Tensor

from engine.cache import remembered
from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scenes
from engine.train.learning_data import LearningData

HELD_OUT, HELD_OUT_SEED = 40, 1
SCENES = PanopticSettings(things=(3, 6), overlap=0.0, difficulty=0.0, sizes_px=(20.0, 36.0))
#: The same for every set of scenes, so that a net may go on with others. About a scene's own.
MEAN, STD = 0.5, 0.25
_KEPT_SETS = 3


def load_masked_scenes(count: int, seed: int) -> LearningData:
    """``count`` scenes to learn from, and the held-out ones.

    Targets are uint8 (N, H, W), indices into ``CATEGORIES``: a byte a pixel, since there are many.

    Raises:
        InputError: the seed is out of range.
    """
    learnt, masks = draw_masked_scenes(count, 2 * seed)
    held, held_masks = draw_masked_scenes(HELD_OUT, HELD_OUT_SEED)
    mean, std = (torch.full((3,), value) for value in (MEAN, STD))
    return LearningData(learnt, masks, held, held_masks, CATEGORIES, mean, std)


@remembered(_KEPT_SETS)
def draw_masked_scenes(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """The first scenes of a seed: uint8 (N, 3, H, W) and masks uint8 (N, H, W).

    Kept, since drawing takes milliseconds a scene and nobody writes into them.
    """
    scenes = list(draw_panoptic_scenes(count, seed, SCENES))
    pictures = torch.from_numpy(np.stack([each.pixels for each in scenes]))
    masks = torch.from_numpy(np.stack([each.semantic for each in scenes]))
    return pictures.permute(0, 3, 1, 2).contiguous(), masks
