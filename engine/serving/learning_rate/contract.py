"""What the five parts of the Loss and learning rate page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer

REACH = 6.0  # answers are looked at from -6 to 6

Schedule = Literal["constant", "step", "cosine", "one_cycle", "warmup"]
Rate = Annotated[float, Field(ge=0.001, le=10, allow_inf_nan=False), Offer(step=0.001, log=True)]
BatchSize = Annotated[int, Field(ge=8, le=512), Offer(step=8, log=True)]
_NUMBER = r"-?[0-5]\.\d\d"


class LossesQuestion(BaseModel):
    """Where the net stands, and whether it answers with a class or a number."""

    at: Annotated[float, Field(ge=-REACH, le=REACH, allow_inf_nan=False), Offer(step=0.1)] = -3
    case: Literal["class", "number"] = "class"


class DescentQuestion(BaseModel):
    """Ways down a surface of two weights."""

    rate: Rate = 0.1
    surface: Literal["hollows", "himmelblau", "rastrigin", "valley"] = "hollows"
    schedule: Schedule = "constant"
    momentum: Annotated[float, Field(ge=0, le=0.99, allow_inf_nan=False), Offer(step=0.01)] = 0.9
    #: ``x,y`` of the place where all ways begin.
    start: Annotated[str, Field(pattern=f"^{_NUMBER},{_NUMBER}$")] = "-3.00,3.40"


class SchedulesQuestion(BaseModel):
    """Trainings that differ in their rate, its schedule or the optimiser."""

    peak: Rate = 1
    compared: Literal["rates", "schedules", "optimisers"] = "rates"
    optimiser: Literal["sgd", "momentum", "adamw"] = "sgd"
    warmup: bool = False


class EpochQuestion(BaseModel):
    """One epoch, batch after batch."""

    batch: BatchSize = 64
    order: Literal["shuffled", "fixed", "by_class"] = "shuffled"


class OrderQuestion(BaseModel):
    """Trainings that differ in the order of their pictures."""

    order_batch: BatchSize = 32
