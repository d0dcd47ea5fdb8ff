"""What the three parts of the DetectNet page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer

SHOWN_SCENES = 12  # of the held-out ones, the first
MOST_EPOCHS = 30
RETRAINED_EPOCHS = 8

LOWEST, HIGHEST, STEP = 0.05, 0.95, 0.05  # of a threshold
Share = Annotated[float, Field(ge=LOWEST, le=HIGHEST, allow_inf_nan=False), Offer(step=STEP)]
Merge = Literal["nms", "cluster", "none"]
Rate = Annotated[float, Field(ge=1e-5, le=0.1, allow_inf_nan=False), Offer(step=1e-5, log=True)]


class Question(BaseModel):
    """A held-out scene, and how boxes are made of the maps."""

    threshold: Share = 0.5
    scene: Annotated[int, Field(ge=1, le=SHOWN_SCENES)] = 2
    merge: Merge = "nms"
    #: Whose coverage is shown, and the cell that is opened; the view's own.
    shown: Literal["all", "circle", "square", "triangle"] = "all"
    cell: Annotated[str, Field(pattern=r"^(\d{1,2},\d{1,2})?$")] = ""


class PrecisionQuestion(BaseModel):
    """AP50 of the shipped net: at this threshold, and at all that the slider has."""

    threshold: Share = 0.5
    merge: Merge = "nms"


class TrainingQuestion(BaseModel):
    """A training from the beginning; its epoch and its threshold are the view's own."""

    epoch: Annotated[int, Field(ge=0, le=MOST_EPOCHS)] = MOST_EPOCHS
    cut: Share = 0.3
    box_weight: Annotated[float, Field(ge=0, le=4, allow_inf_nan=False), Offer(step=0.25)] = 1
    coverage_loss: Literal["l2", "focal"] = "l2"
    learning_rate: Rate = 0.003
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = 12


class RetrainingQuestion(BaseModel):
    """The shipped net trained further at two rates; epoch and threshold are the view's own."""

    after: Annotated[int, Field(ge=0, le=RETRAINED_EPOCHS)] = RETRAINED_EPOCHS
    least: Share = 0.3
    low: Rate = 1e-4
    high: Rate = 0.02


class EpochQuestion(BaseModel):
    """A run's net at the end of an epoch (0: before the first)."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    epoch: Annotated[int, Field(ge=0, le=10_000)]
