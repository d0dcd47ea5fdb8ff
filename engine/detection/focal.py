"""Focal loss: of very many answers that are right already, the few that are not decide.

The cross-entropy of one yes-or-no answer is -log(p), p being the probability given to the truth.
Focal loss multiplies it by (1 - p)^γ, so that an easy answer (p near 1) counts next to nothing, and
by α for "yes", 1 - α for "no". ``torchvision.ops.sigmoid_focal_loss`` is the oracle.

Source: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object Detection", ICCV 2017.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

ALPHA = 0.25  # the paper's and torchvision's


def focal_loss(logits: Tensor, truths: Tensor, gamma: float, alpha: float = ALPHA) -> Tensor:
    """The loss of each answer, as large as ``logits``.

    Args:
        logits: float, of "yes".
        truths: the same shape, 1 for "yes" and 0 for "no".
        gamma: γ >= 0; 0 is the cross-entropy, weighted by α.
        alpha: the weight of "yes", in [0, 1]; "no" has 1 - alpha.
    """
    says_truth = torch.where(truths == 1, logits, -logits)  # the logit of p
    wrong = torch.sigmoid(-says_truth)  # 1 - p, exact where p is next to 1
    weight = torch.where(truths == 1, alpha, 1 - alpha)
    return weight * wrong**gamma * F.softplus(-says_truth)  # softplus(-x) = -log(sigmoid(x))


@dataclass(frozen=True, eq=False)
class Shares:
    """Who carries the loss: answers in bins of p, the probability given to the truth.

    Attributes:
        answers: float64 (bins,), of all answers, those with p in this bin; they sum to 1.
        loss: float64 (bins,), of the whole loss, what these carry; zeros where there is no loss.
        yes_loss: the share of the loss that the answers carry whose truth is "yes".
        total: the whole loss.
    """

    answers: Tensor
    loss: Tensor
    yes_loss: float
    total: float


def loss_shares(logits: Tensor, truths: Tensor, gamma: float, bins: int = 10) -> Shares:
    """How much of the loss the easy and the hard answers carry.

    Args:
        logits, truths, gamma: as for :func:`focal_loss`, any shape.
        bins: of equal width, from p = 0 to p = 1.
    """
    logits, truths = logits.flatten().double(), truths.flatten()
    p = torch.where(truths == 1, logits, -logits).sigmoid()
    place = (p * bins).long().clamp(max=bins - 1)
    loss = focal_loss(logits, truths, gamma)
    total = loss.sum()
    of_bin = torch.zeros(bins, dtype=torch.float64).index_add(0, place, loss)
    count = torch.bincount(place, minlength=bins).double()
    whole = total if total > 0 else torch.ones_like(total)
    return Shares(
        answers=count / max(len(p), 1),
        loss=of_bin / whole,
        yes_loss=float(loss[truths == 1].sum() / whole),
        total=float(total),
    )
