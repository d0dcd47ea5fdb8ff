"""The drawn scenes that a detector learns from, and those kept apart to judge it by.

A run of seed s learns from scenes of seed 2·s; all are judged by the first ``HELD_OUT`` scenes of
seed ``HELD_OUT_SEED``, which is odd, so that nobody has ever learnt from them.
"""

import torch
from torch import Tensor

from engine.cache import remembered
from engine.data.labelled_pictures import LabelledPictures
from engine.data.scenes import SCENES96, Scenes, draw_many
from engine.data.shapes import SHAPES
from engine.detection.labelled import to_learning_data
from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.train.settings import SCENES, RunSettings
from engine.train.tasks import OwnData
from engine.trainable.truths import pack_truths

HELD_OUT, HELD_OUT_SEED = 60, 1
SIZE = SCENES96.size
#: The same for every set of scenes, so that a net may go on with others. About a scene's own.
MEAN, STD = 0.5, 0.25


def load_scenes(settings: RunSettings, data: OwnData = None) -> LearningData:
    """The scenes of a run, or a learner's labelled photos; targets as of
    :func:`engine.trainable.truths.pack_truths`.

    Raises:
        InputError: a detector was asked to learn from something else.
    """
    mean, std = (torch.full((3,), value) for value in (MEAN, STD))
    if isinstance(data, LabelledPictures):
        return to_learning_data(data, mean, std)
    if settings.data.name != SCENES:
        raise InputError(
            "setting_unknown_choice", name="data", value=settings.data.name[:60], choices=SCENES
        )
    learnt, truths = _as_tensors(draw_scenes(settings.detector.scenes, 2 * settings.seed))
    held, held_truths = _as_tensors(draw_scenes(HELD_OUT, HELD_OUT_SEED))
    return LearningData(learnt, truths, held, held_truths, SHAPES, mean, std)


@remembered(2)
def draw_scenes(count: int, seed: int) -> Scenes:
    """The first scenes of a seed; kept, since they take 4 ms each and nobody writes into them."""
    return draw_many(count, seed, SCENES96)


def _as_tensors(scenes: Scenes) -> tuple[Tensor, Tensor]:
    """Pictures uint8 (N, 3, H, W) and targets float32 (N, K, 5)."""
    pictures = torch.from_numpy(scenes.pixels).permute(0, 3, 1, 2).contiguous()
    return pictures, pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
