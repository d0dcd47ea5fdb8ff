"""Detection in two stages: R-CNN on a photo; Faster R-CNN opened on a scene, and as it learns."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.training import seen_run
from engine.serving.two_stage.contract import (
    EpochQuestion,
    OpenedQuestion,
    Question,
    TrainingQuestion,
)
from engine.serving.visitors import Asker
from engine.wire.hosts import language_of

router = APIRouter(prefix="/two-stage", tags=["pages"])


@router.get("", response_class=Response)
def see_crops(asked: Annotated[Question, Query()], request: Request) -> Response:
    """R-CNN on a photo: N proposals, each classified by itself.

    ``boxes`` float32 (N, 4) ``xyxy`` in pixels of ``about.size``; of each its likeliest class
    ``labels`` int32 and ``scores``; ``fate`` uint8: 0 kept, 1 too faint, 2 repeats ``better`` int32
    with an ``overlap``. Of the one followed, ``crop`` uint8 (side, side, 3), ``map_crop`` float32
    (cells, cells), and in ``about.said`` what both ways take it for. ``about.ms`` of one core:
    search, then warp and network for crops, or map, align and rest for one map. 202 while the
    network looks.

    Bound: a job of 12 s of a core, 250 MiB.
    """
    from engine.serving.two_stage.crops import look

    found = look(asked, language_of(request.headers))
    return pending(found) if isinstance(found, Progress) else pack(*found)


@router.get("/opened", response_class=Response)
def see_opened(asked: Annotated[OpenedQuestion, Query()], request: Request) -> Response:
    """Every step of Faster R-CNN on a held-out scene, or on a photo (torchvision's COCO net).

    ``pixels`` uint8 (H, W, 3); ``truth_boxes`` (M, 4) and ``truth_labels``. First stage, of A
    anchors: ``anchors`` and ``first_boxes`` float32 (A, 4), ``objectness`` (A,) with these weights
    and ``objectness_before`` (A,) with drawn ones, ``taught`` int8 (A,) (1 an object's, 0 ground,
    -1 neither) and ``overlap`` (A,) with ``object`` int8; ``first_fate`` uint8 and ``first_better``
    int32. Second stage, of P proposals: ``proposals`` int32 (anchors), ``crops`` float32 (P, 7, 7),
    ``probs`` (P, C + 1), ``labels`` from 1, ``boxes`` (P, 4), ``fate``, ``better`` and
    ``fate_overlap``.
    ``proposal_overlap`` and ``box_overlap`` (P, M): IoU with each object. Of each object int32
    ``best_anchor``, ``found_by`` (a proposal; -1: missed) and the proposal to ``follow``.
    ``about.levels``: the feature maps that anchors stand on. Of a photo nobody knows the objects:
    they are the network's surest answers, ``objectness_before`` is left out, and it is 202 while
    the network is loaded and looks.

    Bound: a job of 3 s of a core, 250 MiB.
    """
    if asked.of == "photo":
        from engine.serving.two_stage.photo import open_photo

        found = open_photo(asked.picture, language_of(request.headers))
        return pending(found) if isinstance(found, Progress) else pack(*found)
    from engine.serving.two_stage.opened import open_scene

    return pack(*open_scene(asked.scene - 1, asked.weights))


@router.get("/training", response_class=Response)
def plan_training(asked: Annotated[TrainingQuestion, Query()]) -> Response:
    """A training from the beginning, and the scenes that show it.

    ``pictures`` uint8 (n, H, W, 3), ``truths`` float32 (M, 6): scene, label, ``xyxy``.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.two_stage.learning import own_training, watched_scenes

    settings = own_training(asked.learning_rate, asked.epochs)
    arrays, about = watched_scenes()
    limits = {"epoch": {"low": 0, "high": asked.epochs}}
    return pack(arrays, about | {"runs": plan({"own": settings}), "limits": limits})


@router.get("/epoch", response_class=Response)
def see_epoch(asked: Annotated[EpochQuestion, Query()], who: Asker) -> Response:
    """The watched scenes through a run's net at the end of an epoch (0: before the first).

    ``boxes`` (N, 4) with ``scores``, ``labels``, ``scene`` and ``right``, down to a score of 0.05;
    ``objectness`` float32 (scenes, rows, columns), the likeliest anchor at each place.

    Bound: 1 s of a core, 150 MiB.
    """
    from engine.serving.two_stage.learning import view_epoch

    return pack(view_epoch(seen_run(asked.name, who), asked.epoch), {"epoch": asked.epoch})
