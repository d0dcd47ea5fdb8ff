"""What the Augmentation page asks: samples of a picture, and two trainings to compare."""

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from engine.serving.augmentation.compute import (
    DATA_OF,
    EPOCHS,
    Strengths,
    rivals,
    samples,
)
from engine.serving.binary import pack
from engine.serving.comparisons.compute import plan

if TYPE_CHECKING:
    from engine.train.augment_samples import Draw

Subject = Literal["photo", "shape", "digit", "face"]
Policy = Literal["none", "auto_augment", "rand_augment", "trivial_augment"]
Strength = Annotated[float, Query(ge=0, le=1)]

router = APIRouter(prefix="/augmentation", tags=["pages"])


def _augmentations(
    flip: Strength = 0,
    flip_vertical: Strength = 0,
    crop: Strength = 0,
    zoom: Strength = 0,
    rotate: Strength = 0,
    perspective: Strength = 0,
    colour: Strength = 0,
    blur: Strength = 0,
    erase: Strength = 0,
    policy: Policy = "none",
    magnitude: Strength = 0.5,
) -> tuple[str, ...]:
    own = Strengths(flip, flip_vertical, crop, zoom, rotate, perspective, colour, blur, erase)
    return own.augmentations(policy, magnitude)


Asked = Annotated[tuple, Depends(_augmentations)]


@router.get("", response_class=Response)
def get_samples(
    picture: str,
    augmentations: Asked,
    subject: Subject = "photo",
    policy: Policy = "none",
    seed: Annotated[int, Query(ge=0, le=99)] = 0,
) -> Response:
    """``original`` uint8 (H, W, 3), ``samples`` uint8 (14, H, W, 3); draws, verdicts in about."""
    import torch

    from engine.train.label_keeping import judge_label

    image, drawn = samples(subject, picture, augmentations, seed)
    changed = torch.stack([sample.image for sample in drawn])
    verdicts = [judge_label(each, subject) for each in augmentations]
    about = {
        "draws": [[_told(draw) for draw in sample.draws] for sample in drawn],
        "verdicts": [[each.name, each.level, each.reason] for each in verdicts],
        "limits": {"magnitude": {"disabled": policy != "rand_augment"}},
    }
    original = image.expand(3, -1, -1).permute(1, 2, 0)
    arrays = {"original": original.numpy(), "samples": changed.permute(0, 2, 3, 1).numpy()}
    return pack(arrays, about)


def _told(draw: "Draw") -> dict[str, object]:
    return {"name": draw.name, "values": draw.values, "operations": draw.operations}


@router.get("/compare", response_class=Response)
def get_comparison(
    augmentations: Asked,
    subject: Subject = "photo",
    per_class: Annotated[int, Query(ge=5, le=60)] = 30,
) -> Response:
    """The two trainings, as :func:`engine.serving.comparisons.compute.plan` names them."""
    runs = plan(rivals(subject, per_class, augmentations))
    about = {"runs": runs, "data": DATA_OF[subject], "epochs": EPOCHS}
    return pack({}, about)
