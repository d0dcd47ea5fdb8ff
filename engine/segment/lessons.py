"""What each of this project's nets is trained on: net, losses and recipe belong together."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data.panoptic_scenes import CATEGORIES, PanopticScene
from engine.segment.learning import Recipe, SceneTraining
from engine.segment.losses import LossWeights, panoptic_losses, weighted_sum
from engine.segment.panoptic_net import PanopticNet
from engine.segment.targets import make_targets
from engine.segment.upsampling_net import UpsamplingNet

PANOPTIC_RECIPE = Recipe(steps=2600)
#: Offsets weigh ten times the paper's: ours are about a tenth as long.
PANOPTIC_WEIGHTS = LossWeights(offset=0.1)
UPSAMPLING_RECIPE = Recipe(steps=1600)


def panoptic_training(recipe: Recipe = PANOPTIC_RECIPE) -> SceneTraining:
    """A :class:`PanopticNet` that learns classes, centres and offsets."""
    return SceneTraining(recipe, lambda: PanopticNet(len(CATEGORIES)), _panoptic)


def upsampling_training(recipe: Recipe = UPSAMPLING_RECIPE) -> SceneTraining:
    """An :class:`UpsamplingNet` all of whose decoders learn at once, and its encoder from all."""
    return SceneTraining(recipe, lambda: UpsamplingNet(len(CATEGORIES)), _upsampling)


def _panoptic(outputs: object, scenes: Sequence[PanopticScene]) -> tuple[Tensor, dict[str, Tensor]]:
    assert isinstance(outputs, Tensor)
    parts = panoptic_losses(outputs, make_targets(scenes))
    return weighted_sum(parts, PANOPTIC_WEIGHTS), parts


def _upsampling(
    outputs: object, scenes: Sequence[PanopticScene]
) -> tuple[Tensor, dict[str, Tensor]]:
    assert isinstance(outputs, dict)
    classes = make_targets(scenes).semantic
    # Not the hardest pixels alone: along edges a coarse map cannot be right, and all its decoders
    # would learn is to be sure of nothing.
    parts = {name: F.cross_entropy(each, classes) for name, each in outputs.items()}
    return torch.stack(list(parts.values())).sum(), parts
