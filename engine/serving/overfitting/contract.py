"""What the three parts of the Overfitting page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer

FEWEST_PER_CLASS, MOST_PER_CLASS = 5, 2000
MOST_EPOCHS = 100

Remedy = Literal[
    "dropout", "weight_decay", "augmentation", "early_stopping", "more_data", "smaller_net"
]
REMEDIES: tuple[Remedy, ...] = (
    "more_data", "smaller_net", "dropout", "weight_decay", "augmentation", "early_stopping",
)  # fmt: skip


class Question(BaseModel):
    """The pictures and the network."""

    per_class: Annotated[int, Field(ge=FEWEST_PER_CLASS, le=MOST_PER_CLASS), Offer(log=True)] = 50
    data: Literal["digits", "shapes32", "faces"] = "digits"
    label_noise: Annotated[int, Field(ge=0, le=80), Offer(step=5, unit="%")] = 20
    imbalance: Annotated[
        float, Field(ge=1, le=100, allow_inf_nan=False), Offer(step=1, log=True)
    ] = 1
    net: Literal["mlp", "small_resnet"] = "mlp"
    depth: Annotated[int, Field(ge=1, le=6)] = 3


class PairQuestion(Question):
    """And how it learns; ``remedy`` makes the second training."""

    remedy: Remedy = "dropout"
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = 50
    dropout: Annotated[float, Field(ge=0, le=0.9, allow_inf_nan=False), Offer(step=0.1)] = 0
    weight_decay: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), Offer(step=0.5)] = 0
    patience: Annotated[int, Field(ge=0, le=20)] = 0
    augment: bool = False


class MemoryQuestion(PairQuestion):
    """And which of the two, at the end of which epoch."""

    epoch: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = MOST_EPOCHS
    which: Literal["own", "remedied"] = "own"
