"""The three losses of a panoptic net, which are weighted and added.

Source: Cheng et al., "Panoptic-DeepLab", CVPR 2020, section 3.2: cross-entropy of the classes on
the hardest pixels, squared error of the centres (weight 200), absolute error of the offsets on
things (weight 0.01). The paper also weighs small things higher; here all pixels weigh the same.
"""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from engine.segment.panoptic_net import split_maps
from engine.segment.targets import PanopticTargets

#: The share of a batch's pixels whose cross-entropy counts: the largest ones.
HARDEST_SHARE = 0.2


@dataclass(frozen=True)
class LossWeights:
    """What each loss is multiplied by; the defaults are the paper's, >= 0."""

    semantic: float = 1.0
    centre: float = 200.0
    offset: float = 0.01


def panoptic_losses(outputs: Tensor, targets: PanopticTargets) -> dict[str, Tensor]:
    """The losses as they are, unweighted: scalars >= 0 by name.

    - ``semantic``: mean cross-entropy over the hardest pixels, ``HARDEST_SHARE`` of all.
    - ``centre``: mean over all pixels of (said - true)².
    - ``offset``: mean over the pixels of things of |x| + |y| of the error, in pixels; 0 where
      there is no thing.

    Args:
        outputs: float32 (N, classes + 3, H, W), a :class:`PanopticNet`'s.
        targets: the truth.
    """
    maps = split_maps(outputs)
    errors = (maps.offsets - targets.offsets).abs().sum(dim=1)  # (N, H, W)
    things = targets.things.sum().clamp(min=1)
    return {
        "semantic": hardest_cross_entropy(maps.logits, targets.semantic),
        "centre": F.mse_loss(maps.centres, targets.centres),
        "offset": errors.where(targets.things, 0.0).sum() / things,
    }


def hardest_cross_entropy(logits: Tensor, classes: Tensor, share: float = HARDEST_SHARE) -> Tensor:
    """Mean cross-entropy over the pixels where it is largest; most of the others are learnt soon.

    Args:
        logits: float32 (N, classes, H, W).
        classes: int64 (N, H, W), the truth.
        share: of the pixels that count, in (0, 1]; at least one does.
    """
    entropy = F.cross_entropy(logits, classes, reduction="none").flatten()
    return entropy.topk(max(1, int(share * len(entropy)))).values.mean()


def weighted_sum(losses: dict[str, Tensor], weights: LossWeights) -> Tensor:
    """What is minimised: a scalar."""
    return (
        weights.semantic * losses["semantic"]
        + weights.centre * losses["centre"]
        + weights.offset * losses["offset"]
    )
