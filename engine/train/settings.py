"""Everything that a training depends on: the same settings and seed give the same curve.

Imports no torch. Every field states its bounds or choices (:mod:`engine.fields`), and a
settings object that exists is a valid one.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from engine.errors import InputError
from engine.fields import check, choice, from_dict, number, several, switch, text
from engine.trainable.net_settings import NetSettings, net_defaults, net_from_dict

MOST_HELD_OUT = 0.95  # of a data set, for validation and test together
SCENES = "scenes96"  # what DetectNet learns from, where it is not given photos with labels
MASKED_SCENES = "panoptic96"  # what SEGMENTERS learn from
OPTIMISERS = ("sgd", "momentum", "adamw")
SCHEDULES = ("constant", "step", "cosine", "one_cycle")
LOSSES = ("cross_entropy", "squared", "absolute")
COVERAGE_LOSSES = ("l2", "focal")
STARTS = ("drawn", "shipped")
MASK_LOSSES = ("hardest", "cross_entropy", "cross_entropy_dice")
AUGMENTATIONS = (
    "flip", "crop", "rotate", "colour", "erase", "blur", "flip_vertical", "zoom", "perspective",
    "auto_augment", "rand_augment", "trivial_augment",
)  # fmt: skip


@dataclass(frozen=True)
class DataSettings:
    """Which pictures to learn from (:mod:`engine.data`)."""

    name: str = text("shapes32", "data set")
    per_class: int = number(0, 0, 100_000, "training images of each class; 0: all there are")
    imbalance: float = number(1.0, 1.0, 1000.0, "images of the first class for one of the last")
    label_noise: float = number(0.0, 0.0, 1.0, "share of training labels that are wrong")
    validation_share: float = number(0.2, 0.01, 0.9, "share of the images kept for validation")
    test_share: float = number(0.0, 0.0, 0.5, "share of the images kept for the test at the end")
    pixel_shuffle: bool = switch(False, "one fixed disorder of the pixels of every picture")
    by_class: bool = switch(False, "training images in the order of their classes")

    def __post_init__(self) -> None:
        check(self)
        held = self.validation_share + self.test_share
        if held > MOST_HELD_OUT:
            raise InputError("shares_leave_nothing", held=round(100 * held), limit=95)


@dataclass(frozen=True)
class TrainSettings:
    """How the network learns."""

    epochs: int = number(10, 1, 10_000, "times that every training image is seen")
    batch_size: int = number(64, 1, 65_536, "images a step")
    optimiser: str = choice("adamw", OPTIMISERS, "rule of the update")
    learning_rate: float = number(1e-3, 0.0, 100.0, "largest learning rate")
    momentum: float = number(0.9, 0.0, 0.999, "momentum; AdamW's first beta")
    weight_decay: float = number(0.0, 0.0, 10.0, "weight decay")
    schedule: str = choice("constant", SCHEDULES, "learning rate over time")
    step_epochs: int = number(3, 1, 10_000, "epochs between drops of the step schedule")
    step_factor: float = number(0.1, 0.0, 1.0, "what the learning rate is multiplied by at a drop")
    warmup_steps: int = number(0, 0, 1_000_000, "steps in which the learning rate rises from 0")
    loss: str = choice("cross_entropy", LOSSES, "loss")
    shuffle: bool = switch(True, "a new order of the images in each epoch")
    augment: tuple[str, ...] = several(
        AUGMENTATIONS, "augmentations of the training images; rotate:0.3 has its own strength", True
    )
    augment_strength: float = number(0.5, 0.0, 1.0, "strength of the augmentations")
    patience: int = number(0, 0, 10_000, "epochs without a lower validation loss; 0: no stop")
    compile: bool = switch(False, "torch.compile on CUDA")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class DetectorSettings:
    """What only the training of ``DETECTORS`` reads; the two losses' settings DetectNet alone."""

    scenes: int = number(600, 2, 5_000, "drawn scenes to learn from")
    coverage_loss: str = choice("l2", COVERAGE_LOSSES, "loss of the coverage map")
    box_weight: float = number(1.0, 0.0, 100.0, "weight of the box loss beside the coverage's")
    start: str = choice("drawn", STARTS, "first weights: drawn by init, or those that ship")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class SegmenterSettings:
    """What only the training of ``SEGMENTERS`` reads (:mod:`engine.segment.pixel_classes`)."""

    mask_scenes: int = number(300, 2, 5_000, "drawn scenes with masks to learn from")
    mask_loss: str = choice("hardest", MASK_LOSSES, "loss of the pixels' classes")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class RunSettings:
    """All of a run: what it learns from, what learns, how, and the seed of all that is random."""

    data: DataSettings = field(default_factory=DataSettings)
    net: NetSettings = field(default_factory=lambda: net_defaults("small_vgg"))
    train: TrainSettings = field(default_factory=TrainSettings)
    detector: DetectorSettings = field(default_factory=DetectorSettings)
    segmenter: SegmenterSettings = field(default_factory=SegmenterSettings)
    seed: int = number(0, 0, 2**31 - 1, "seed of everything random")

    def __post_init__(self) -> None:
        check(self)

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON takes them; :func:`settings_from_dict` reads them back."""
        return dataclasses.asdict(self)


def settings_from_dict(values: Any) -> RunSettings:
    """The settings of a run from JSON; what is left out takes its default.

    Raises:
        InputError: a setting that does not exist, or a value that is not accepted.
    """
    run = from_dict(_Groups, values, "run")
    return RunSettings(
        data=from_dict(DataSettings, run.data, "data"),
        net=net_from_dict(run.net),
        train=from_dict(TrainSettings, run.train, "train"),
        detector=from_dict(DetectorSettings, run.detector, "detector"),
        segmenter=from_dict(SegmenterSettings, run.segmenter, "segmenter"),
        seed=run.seed,
    )


@dataclass(frozen=True)
class _Groups:
    """The groups of settings as JSON gives them, before each is checked."""

    data: Any = field(default_factory=dict)
    net: Any = field(default_factory=dict)
    train: Any = field(default_factory=dict)
    detector: Any = field(default_factory=dict)
    segmenter: Any = field(default_factory=dict)
    seed: Any = 0
