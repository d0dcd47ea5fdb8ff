"""What the Augmentation page asks: samples of a picture, and trainings to compare."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.augmentation.compute import augmentations_of, outcome, rivals, samples
from engine.serving.augmentation.contract import CompareQuestion, Question
from engine.serving.binary import pack
from engine.serving.comparisons.compute import plan

if TYPE_CHECKING:
    from engine.train.augment_samples import Draw

router = APIRouter(prefix="/augmentation", tags=["pages"])


@router.get("", response_class=Response)
def get_samples(asked: Annotated[Question, Query()]) -> Response:
    """``original`` uint8 (H, W, 3), ``samples`` uint8 (14, H, W, 3); draws, verdicts in about.

    Bound: 5 s of a core, 100 MiB.
    """
    import torch

    from engine.train.label_keeping import KEPT, judge_label

    augmentations = augmentations_of(asked)
    image, drawn = samples(asked.subject, asked.picture, augmentations, asked.seed)
    changed = torch.stack([sample.image for sample in drawn])
    verdicts = [judge_label(each, asked.subject) for each in augmentations]
    about = {
        "draws": [[_told(draw) for draw in sample.draws] for sample in drawn],
        "kept": sum(each.level == KEPT for each in verdicts),
        "verdicts": [[each.name, each.level, each.reason] for each in verdicts],
        "limits": {"magnitude": {"disabled": asked.policy != "rand_augment"}},
    }
    original = image.expand(3, -1, -1).permute(1, 2, 0)
    arrays = {"original": original.numpy(), "samples": changed.permute(0, 2, 3, 1).numpy()}
    return pack(arrays, about)


def _told(draw: "Draw") -> dict[str, object]:
    return {"name": draw.name, "values": draw.values, "operations": draw.operations}


@router.get("/compare", response_class=Response)
def get_comparison(asked: Annotated[CompareQuestion, Query()]) -> Response:
    """The trainings, as :func:`engine.serving.comparisons.compute.plan` names them.

    ``about.outcome`` is what those that have ended say (:func:`.compute.outcome`), or null.

    Bound: 0.5 s of a core, 50 MiB.
    """
    about = {"runs": plan(rivals(asked)), "outcome": outcome(asked)}
    return pack({}, about)
