"""What is learnt: the task gives the training loop its losses and its judgement.

The loop (:mod:`engine.train.loop`) knows pictures, targets, updates and epochs; what outputs and
targets mean is the task's. One class a picture is known here; other tasks register themselves from
their own subject (:mod:`engine.runs.subjects` imports them all).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from engine.data.data_set import DataSet
from engine.data.labelled_pictures import LabelledPictures
from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.train.losses import LOSSES
from engine.train.measuring import Evaluation, evaluate
from engine.train.settings import RunSettings
from engine.trainable.net_settings import DETECTORS, SEGMENTERS

#: A learner's own pictures, where a run has some: with a class each, or with boxes.
OwnData = DataSet | LabelledPictures | None


class Task(Protocol):
    """What the loop asks of a task.

    Attributes:
        parts: names of the losses that are added up; empty where there is one only.
        feeds_targets: whether the network itself is given the targets beside the pictures while it
            learns, as one that draws its samples by them needs.
    """

    parts: tuple[str, ...]
    feeds_targets: bool

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
    feeds_targets = False

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


@dataclass(frozen=True)
class Subject:
    """What networks of a subject learn, and from what.

    Attributes:
        make_task: from settings, names of the classes and (H, W) of the pictures.
        load: the pictures and targets that settings name, or a learner's own; raises InputError.
        no_augmentation: key of the sentence that refuses augmentation, since boxes or masks would
            not follow.
    """

    make_task: Callable[[RunSettings, tuple[str, ...], tuple[int, int]], Task]
    load: Callable[[RunSettings, OwnData], LearningData]
    no_augmentation: str


_SUBJECTS: dict[str, Subject] = {}  # by the name of the network


def register(nets: Iterable[str], subject: Subject) -> None:
    """From now on these networks learn that. Called once, where the subject is imported."""
    _SUBJECTS.update(dict.fromkeys(nets, subject))


def subject_of(net: str) -> Subject | None:
    """What a network of that name learns; None where it is one class a picture.

    Raises:
        LookupError: nobody imported its subject.
    """
    if net not in (*DETECTORS, *SEGMENTERS):
        return None
    try:
        return _SUBJECTS[net]
    except KeyError:
        raise LookupError(f"nothing has registered what {net!r} learns") from None


def make_task(settings: RunSettings, data: LearningData) -> Task:
    """The task that the settings' network is for.

    Raises:
        InputError: pictures of a detector or a segmenter cannot be augmented: their boxes or masks
            would not follow.
        LookupError: nobody imported the subject of that network.
    """
    subject = subject_of(settings.net.name)
    if subject is None:
        return Classification(settings.train.loss)
    if settings.train.augment:
        raise InputError(subject.no_augmentation, names=", ".join(settings.train.augment))
    height, width = data.input_shape[1:]
    return subject.make_task(settings, data.classes, (height, width))
