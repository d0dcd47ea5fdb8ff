"""The one number that is explained: what a classifier gives the target class.

Two forms of it are in use. Grad-CAM takes the class's logit, as its authors do ("the score for
class c, before the softmax"). Integrated gradients, occlusion and deletion take the probability,
as theirs do, so that blame is in the same unit as the class bars that a learner sees.
"""

from typing import Literal

from torch import Tensor, nn

from engine.errors import InputError

Scores = Literal["logit", "prob"]

BATCH = 4  # pictures at once: on two CPU cores larger batches cost more than they save


class TargetScore:
    """Calls a classifier, keeps the target's score, and counts the pictures that went through.

    Args:
        model: classifier in eval mode, ``(N, 3, H, W)`` to logits ``(N, K)``.
        target: class index, ``0 <= target < K``.
        of: "logit" or "prob" (softmax over the K classes).

    Raises:
        ValueError: the model is in training mode.
    """

    def __init__(self, model: nn.Module, target: int, of: Scores) -> None:
        if model.training:
            raise ValueError("the model must be in eval mode")
        self.model = model
        self.target = target
        self.of: Scores = of
        self.forward_passes = 0

    def __call__(self, x: Tensor) -> Tensor:
        """The target's score for each picture, float32 ``(N,)``; ``x`` is left as it was.

        Raises:
            InputError: the network has no class of that index.
        """
        logits = self.model(x.clone())  # a copy: the first layer may work in place
        self.forward_passes += len(x)
        classes = logits.shape[1]
        check_range("target", self.target, 0, classes - 1)
        return (logits if self.of == "logit" else logits.softmax(dim=1))[:, self.target]


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise an InputError unless ``low <= value <= high``."""
    if not low <= value <= high:
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)
