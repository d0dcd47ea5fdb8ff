"""Three losses of the same answers, each written out.

The oracles are ``torch.nn.CrossEntropyLoss`` on logits, and ``MSELoss`` and ``L1Loss`` between
probabilities and the one-hot truth.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log(probability of the true class). (N, K), int64 (N,) → scalar, >= 0."""
    true_logits = logits.gather(1, targets[:, None])[:, 0]  # (N,)
    return (logits.logsumexp(dim=1) - true_logits).mean()


def squared(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over pictures and classes of (probability - truth)². → scalar in [0, 2/K]."""
    return ((logits.softmax(dim=1) - one_hot(targets, logits)) ** 2).mean()


def absolute(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over pictures and classes of |probability - truth|. → scalar in [0, 2/K]."""
    return (logits.softmax(dim=1) - one_hot(targets, logits)).abs().mean()


def one_hot(targets: Tensor, like: Tensor) -> Tensor:
    """1 at each true class, else 0. int64 (N,) → (N, K), K and dtype as in ``like`` (N, K)."""
    return torch.zeros_like(like).scatter_(1, targets[:, None], 1.0)


# What training uses; the cross-entropy is torch's own, the same number in one pass over the logits.
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": F.cross_entropy,
    "squared": squared,
    "absolute": absolute,
}

#: A name in ``LOSSES``, or any function of outputs and targets.
Loss = str | Callable[[Tensor, Tensor], Tensor]


def find_loss(loss: Loss) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of that name; a function is its own."""
    return LOSSES[loss] if isinstance(loss, str) else loss
