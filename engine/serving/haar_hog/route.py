"""Haar cascades, stage by stage and window by window: the first part of the Haar and HOG page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.haar_hog import stages as haar_stages
from engine.serving.haar_hog.contract import HaarQuestion, WindowQuestion

if TYPE_CHECKING:
    from engine.detection.cascade_file import Cascade
    from engine.detection.haar_window import StageVotes
    from engine.serving.haar_hog.stages import HaarStory

router = APIRouter(prefix="/haar-hog", tags=["pages"])


@router.get("", response_class=Response)
def stages(asked: Annotated[HaarQuestion, Query()]) -> Response:
    """Every stage's survivors at once: a stage slider needs nothing more.

    ``counts`` int32 (S + 1,), windows left after 0, 1, ... S stages; ``density`` uint32 (S + 1,
    rows, columns), the same by cells of the picture; ``boxes`` int16 (K, 4) and ``passed`` int8
    (K,), the up to 400 windows that came furthest; ``found`` float32 (G, 4), what grouping leaves.
    Boxes are in pixels of the picture that was looked at, ``about.size``. 202 with ``done`` and
    ``total`` while the windows are being looked at.

    Bound: a job of 5 s of a core, 150 MiB.
    """
    picture, cascade, factor = asked.picture, asked.cascade, asked.factor
    story = haar_stages.find_story(picture, cascade, factor)
    if isinstance(story, Progress):
        return pending(story)
    furthest = story.furthest(haar_stages.MOST_BOXES)
    opencv, opencv_ms = haar_stages.by_opencv(picture, cascade, factor, asked.neighbours)
    found = story.left.detections(asked.neighbours, cascade).boxes.numpy()
    arrays = {
        "counts": story.counts.astype(np.int32),
        "density": story.density,
        "boxes": story.boxes[furthest],
        "passed": story.passed[furthest],
        "found": found,
    }
    facts = _facts(story, cascade) | {
        "opencv": len(opencv),
        "opencv_ms": opencv_ms,
        "equal": sorted(found.astype(int).tolist()) == opencv,
    }
    return pack(arrays, facts)


def _facts(story: "HaarStory", cascade: str) -> dict[str, Any]:
    from engine.detection.cascade_file import load_cascade

    loaded = load_cascade(cascade)
    return {
        "size": list(story.grey.shape),
        "cell_px": haar_stages.CELL_PX,
        "window_px": list(loaded.window_px),
        "trees": [len(stage.trees) for stage in loaded.stages],
        "asked": haar_stages.features_asked(story, cascade),
        "flat": int((story.passed < 0).sum()),
        "levels": len(story.left.scales),
        "ms": story.ms,
        "limits": {"stage": {"low": 0, "high": len(loaded.stages)}},
    }


@router.get("/window", response_class=Response)
def window(asked: Annotated[WindowQuestion, Query()]) -> Response:
    """The window at a spot, or the one that came furthest, and everything it was asked.

    ``crop`` uint8 (h, w), as the cascade is shown it; ``totals`` and ``thresholds`` float32 of each
    stage that it came to; ``votes`` float32 (T,) of all their trees. Of the N nodes on the way:
    ``tree`` int32 (N,), ``values`` and ``limits`` float32 (N,), ``rects`` float32 (N, 3, 5) (x, y,
    width, height, weight; 0 where there is none) and ``tilted`` uint8 (N,).

    Bound: a job of 5 s of a core, 150 MiB.
    """
    from engine.detection.cascade_file import load_cascade

    cascade, x, y = asked.cascade, asked.x, asked.y
    story = haar_stages.find_story(asked.picture, cascade, asked.factor)
    if isinstance(story, Progress):
        return pending(story)
    index = int(story.furthest(1)[0]) if x is None or y is None else story.at(x, y)
    crop, told = haar_stages.open_window(story, cascade, index)
    about = {
        "box": story.boxes[index].tolist(),
        "scale": story.left.scales[story.level[index]],
        "passed": int(story.passed[index]),
        "trees": [len(stage.votes) for stage in told],
    }
    return pack({"crop": crop} | _votes(load_cascade(cascade), told), about)


def _votes(cascade: "Cascade", told: Sequence["StageVotes"]) -> dict[str, np.ndarray]:
    votes = [vote for stage in told for vote in stage.votes]
    nodes = [(tree, node) for tree, vote in enumerate(votes) for node in vote.asked]
    features = [cascade.features[node.feature] for _, node in nodes]
    rects = np.zeros((len(nodes), 3, 5), np.float32)
    for row, feature in zip(rects, features, strict=True):
        for part, rect in zip(row, feature.rects, strict=False):
            part[:] = rect.x, rect.y, rect.width, rect.height, rect.weight
    return {
        "totals": np.array([stage.total for stage in told], np.float32),
        "thresholds": np.array([stage.threshold for stage in told], np.float32),
        "votes": np.array([vote.vote for vote in votes], np.float32),
        "tree": np.array([tree for tree, _ in nodes], np.int32),
        "values": np.array([node.value for _, node in nodes], np.float32),
        "limits": np.array([node.threshold for _, node in nodes], np.float32),
        "rects": rects,
        "tilted": np.array([feature.tilted for feature in features], np.uint8),
    }
