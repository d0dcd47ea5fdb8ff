"""R-CNN on a photo, and the same boxes from one feature map: what both say, and what both cost.

All proposals are looked at once and kept with their probabilities, so that fewer of them, another
threshold and another overlap are looked up.
"""

from dataclasses import dataclass
from time import thread_time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.cache import Cache
from engine.detection.nms import nms_trace
from engine.detection.region_crops import align_crops, warp_crops
from engine.nets.catalog import find_classifier
from engine.nets.classify import top_k
from engine.pictures import resolve
from engine.progress import Progress
from engine.serving.class_words import class_word
from engine.serving.jobs import jobs
from engine.serving.one_core import on_one_core
from engine.serving.two_stage.contract import MOST_PROPOSALS, Question
from engine.serving.two_stage.looking import (
    NETWORK,
    Looked,
    Proposed,
    look_at_crops,
    look_at_map,
    search,
)

TOP = 5
KEPT, FAINT, REPEATS = 0, 1, 2
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


_searched: Cache[Proposed] = Cache(32)


def look(asked: Question, lang: str) -> Answer | Progress[Looked]:
    """Boxes, classes, fates and times of R-CNN on a photo, or how far the crops are.

    Raises:
        InputError: no such picture, or the network's weights are not at hand.
    """
    picture = resolve(asked.picture)
    found = _searched.get(picture.ref, lambda: on_one_core(search, picture))
    side, stride = int(asked.crop_px), int(asked.stride)
    key = ("two stages", picture.ref, side)
    warped = jobs().ask(key, lambda: look_at_crops(found, side))
    if isinstance(warped, Progress):
        return warped
    mapped = jobs().ask((*key, stride), lambda: look_at_map(found, side, stride))
    if isinstance(mapped, Progress):
        return mapped
    count = min(asked.proposals, len(found.boxes))
    looked = {"picture": warped, "map": mapped}
    boxes = found.boxes[:count].float()
    judged = {way: _judge(boxes, each.probs[:count], asked) for way, each in looked.items()}
    mine = judged[asked.way]
    arrays = {
        "boxes": boxes.numpy(),
        "labels": mine.labels.int().numpy(),
        "scores": mine.scores.numpy(),
        "fate": mine.fate.byte().numpy(),
        "better": mine.better.int().numpy(),
        "overlap": mine.overlap.numpy(),
        "picture_ms": _sums(warped),
        "map_ms": _sums(mapped),
    }
    about = {
        "size": list(found.seen.shape[:2]),
        "every": found.every,
        "looked": count,
        "counts": _counts(mine),
        "ms": _times(found, warped, mapped, count) | {"nms": mine.ms},
        "agree": _agreement(judged["picture"], judged["map"]),
        "agreed_of": int((judged["picture"].fate != FAINT).sum()),
        "names": _names(mine.labels, lang),
        "limits": {"proposals": {"high": max(10, min(MOST_PROPOSALS, len(found.boxes)))}},
    }
    followed = _follow(asked.followed, mine)
    if followed is not None:
        arrays["crop"], arrays["map_crop"] = _crops_of(found, mapped, followed, side, stride)
        said = {way: _say(each.probs[followed], lang) for way, each in looked.items()}
        about |= {"followed": followed, "said": said}
    return arrays, about


@dataclass(frozen=True, eq=False)
class Judged:
    """What becomes of each proposal by its likeliest class.

    Attributes:
        labels, scores: int64 and float32 (N,).
        fate: int64 (N,): ``KEPT``, ``FAINT`` (its score is too low) or ``REPEATS`` a better one.
        better: int64 (N,), the proposal that one repeats, else -1.
        overlap: float32 (N,), their IoU, else 0.
        ms: that NMS took.
    """

    labels: Tensor
    scores: Tensor
    fate: Tensor
    better: Tensor
    overlap: Tensor
    ms: float


def _judge(boxes: Tensor, probs: Tensor, asked: Question) -> Judged:
    begun = thread_time()
    scores, labels = probs.max(dim=1)
    sure = (scores >= asked.score).nonzero()[:, 0]
    fate, better = torch.full((len(boxes),), FAINT), torch.full((len(boxes),), -1)
    overlap = torch.zeros(len(boxes))
    trace = nms_trace(boxes[sure], scores[sure], asked.iou, labels[sure])
    gone = trace.suppressed_by >= 0
    fate[sure] = torch.where(gone, REPEATS, KEPT)
    better[sure[gone]] = sure[trace.suppressed_by[gone]]
    overlap[sure] = trace.iou
    return Judged(labels, scores, fate, better, overlap, 1000 * (thread_time() - begun))


def _counts(judged: Judged) -> dict[str, int]:
    return {
        "sure": int((judged.fate != FAINT).sum()),
        "kept": int((judged.fate == KEPT).sum()),
    }


def _times(found: Proposed, warped: Looked, mapped: Looked, count: int) -> dict[str, float]:
    """ms of each step for the first ``count`` proposals."""
    return {
        "search": found.ms,
        "warp": float(warped.crop_ms[:count].sum()),
        "network": float(warped.net_ms[:count].sum()),
        "map": mapped.once_ms,
        "align": float(mapped.crop_ms[:count].sum()),
        "rest": float(mapped.net_ms[:count].sum()),
    }


def _sums(looked: Looked) -> np.ndarray:
    """ms for the first proposal, the first two … all of them, float64 (N,)."""
    return looked.once_ms + np.cumsum(looked.crop_ms + looked.net_ms)


def _agreement(one: Judged, other: Judged) -> float | None:
    """Of the proposals of which R-CNN is sure, the share that the map gives the same class."""
    sure = one.fate != FAINT
    if not sure.any():
        return None
    return float((one.labels == other.labels)[sure].float().mean())


def _names(labels: Tensor, lang: str) -> dict[str, str]:
    categories = find_classifier(NETWORK).categories
    return {str(k): class_word(categories[k], lang) for k in sorted(set(labels.tolist()))}


def _follow(wanted: str, judged: Judged) -> int | None:
    """The proposal that is asked for, else the surest; None where there is none."""
    if wanted and int(wanted) < len(judged.scores):
        return int(wanted)
    return int(judged.scores.argmax()) if len(judged.scores) else None


def _say(probs: Tensor, lang: str) -> list[dict[str, Any]]:
    categories = find_classifier(NETWORK).categories
    best = top_k(probs, TOP, categories)
    return [{"name": class_word(each.name, lang), "prob": each.prob} for each in best]


def _crops_of(
    found: Proposed, mapped: Looked, index: int, side_px: int, stride_px: int
) -> tuple[np.ndarray, np.ndarray]:
    """What the network is given of one proposal: uint8 (side, side, 3) of the picture, and the
    mean strength of each cell of the map, float32 (cells, cells).
    """
    picture = torch.tensor(found.seen).permute(2, 0, 1).float() / 255
    box = found.boxes[index : index + 1]
    crop = (warp_crops(picture, box, side_px)[0] * 255).round().clamp(0, 255).byte()
    assert mapped.whole is not None
    cells = align_crops(mapped.whole, box, stride_px, side_px // stride_px)[0]
    return crop.permute(1, 2, 0).contiguous().numpy(), cells.abs().mean(dim=0).numpy()
