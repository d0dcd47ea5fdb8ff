"""What is learnt: the task gives the training loop its losses and its judgement.

The loop (:mod:`engine.train.loop`) knows pictures, targets, updates and epochs; what outputs and
targets mean is the task's.
"""

from typing import Protocol

from torch import Tensor, nn

from engine.detection.detectnet.learning import GridDetection
from engine.errors import InputError
from engine.segment.pixel_classes import PixelClassification
from engine.train.learning_data import LearningData
from engine.train.losses import LOSSES
from engine.train.measuring import Evaluation, evaluate
from engine.train.settings import RunSettings
from engine.trainable.net_settings import DETECTORS, SEGMENTERS


class Task(Protocol):
    """What the loop asks of a task.

    Attributes:
        parts: names of the losses that are added up; empty where there is one only.
    """

    parts: tuple[str, ...]

    def prepare(self, net: nn.Module) -> None:
        """Changes a new network in place, where the settings have it begin with what ships."""
        ...

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """What is minimised, a scalar with its gradient; and each of ``parts``, unweighted."""
        ...

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """How many of the pictures are answered rightly; a share of one counts as a share."""
        ...

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        """The network on the validation pictures."""
        ...


class Classification:
    """One class a picture. Logits (N, classes), targets int64 (N,)."""

    parts: tuple[str, ...] = ()

    def __init__(self, loss: str) -> None:
        self._name, self._loss = loss, LOSSES[loss]

    def prepare(self, net: nn.Module) -> None:
        """Nothing: what a backbone has learnt comes with it (``build_net``)."""

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        return self._loss(outputs, targets), ()

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return (outputs.argmax(dim=1) == targets).sum()

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        return evaluate(net, data, self._name)


def make_task(settings: RunSettings, data: LearningData) -> Task:
    """The task that the settings' network is for.

    Raises:
        InputError: pictures of a detector or a segmenter cannot be augmented: their boxes or masks
            would not follow.
    """
    is_segmenter = settings.net.name in SEGMENTERS
    if not is_segmenter and settings.net.name not in DETECTORS:
        return Classification(settings.train.loss)
    if settings.train.augment:
        key = "segmenter_augmented" if is_segmenter else "detector_augmented"
        raise InputError(key, names=", ".join(settings.train.augment))
    if is_segmenter:
        return PixelClassification(settings.segmenter.mask_loss, len(data.classes))
    return GridDetection(settings.detector, data.classes, data.input_shape[1:])
