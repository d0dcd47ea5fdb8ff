"""A learner's photo through three tasks, as the page on the kinds of segmentation lays them out."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import Picture, resolve
from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.detections import Thinned, thinned_boxes
from engine.serving.readings import read_picture
from engine.serving.segmentation_types.contract import PhotoQuestion
from engine.serving.segmentations import read

if TYPE_CHECKING:
    from engine.segment.segmented_picture import SegmentedPicture

NETWORK, DETECTOR = "mobilenet_v2", "nanodet"
IOU = 0.6  # of boxes that NMS takes for one thing
TOP = 5

router = APIRouter(prefix="/segmentation-types", tags=["pages"])


@router.get("/photo", response_class=Response)
def read_photo(asked: Annotated[PhotoQuestion, Query()]) -> Response:
    """A picture classified, searched for boxes and cut into segments.

    Arrays: ``boxes`` float32 (N, 4), xyxy in pixels of the picture, best first, with ``scores`` and
    ``labels``; ``ids`` uint16 (h, w), the segments on the copy that ``cut_by`` looked at, 0 where
    there is none. ``about`` names classes and segments; ``unsure`` where the best class is below
    20 %. 202 while something is still at work.

    Bound: a job of 30 s of a core, 500 MiB.
    """
    from engine.segment.segmenter import Settings

    chosen = resolve(asked.picture)
    cut = read(chosen, asked.cut_by, Settings(drawn=asked.photo_drawn))
    if isinstance(cut, Progress):
        return pending(cut)
    found = thinned_boxes(chosen, DETECTOR, IOU)
    if isinstance(found, Progress):
        return pending(found)
    answer = cut.reading.answer
    arrays = _boxes(found) | {"ids": answer.found.ids.astype(np.uint16)}
    return pack(arrays, _told(chosen, found, answer))


def _boxes(found: Thinned) -> dict[str, np.ndarray]:
    kept = found.at_least(0)
    return {
        "boxes": kept.boxes.numpy(),
        "scores": kept.scores.numpy(),
        "labels": kept.labels.int().numpy(),
    }


def _told(picture: Picture, found: Thinned, answer: "SegmentedPicture") -> dict[str, Any]:
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import UNSURE_BELOW, top_k

    reading = read_picture(picture, NETWORK)
    categories = find_classifier(NETWORK).categories
    best = top_k(reading.probs, TOP, categories)
    return {
        "size": picture.pixels.shape[:2],
        "classes": [vars(label) for label in best],
        "unsure": best[0].prob < UNSURE_BELOW,
        "names": found.raw.found.class_names,
        "kind": answer.kind,
        "segments": answer.to_dicts(),
        "share": answer.covered,
    }
