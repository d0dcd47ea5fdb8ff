"""What the Augmentation page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Offer, PictureRef

MOST_SEEDS = 4  # two trainings each: as many as a visitor may have waiting

Strength = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Offer(step=0.05)]


class Augmented(BaseModel):
    """A subject, and how strong each augmentation is; 0 is off. In the order of their doing."""

    subject: Literal["photo", "shape", "digit", "face"] = "photo"
    flip: Strength = 0.5
    flip_vertical: Strength = 0
    crop: Strength = 0
    zoom: Strength = 0
    rotate: Strength = 0.4
    perspective: Strength = 0
    colour: Strength = 0
    blur: Strength = 0
    erase: Strength = 0
    policy: Literal["none", "auto_augment", "rand_augment", "trivial_augment"] = "none"
    magnitude: Strength = 0.5


class Question(Augmented):
    """Samples of a picture."""

    picture: PictureRef = "chelsea"
    seed: Annotated[int, Field(ge=0, le=99)] = 0


class CompareQuestion(Augmented):
    """Trainings in pairs, with and without them, a pair for each seed."""

    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 3
    per_class: Annotated[int, Field(ge=5, le=60), Offer(step=5)] = 30
    epochs: Annotated[int, Field(ge=5, le=100), Offer(step=5)] = 25


#: The augmentations by name, in the order in which they are done.
STRENGTHS = tuple(
    name for name in Augmented.model_fields if name not in ("subject", "policy", "magnitude")
)
