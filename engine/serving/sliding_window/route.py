"""Windows over a picture: what the Sliding window page asks while its controls move."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.explain.progress import Progress
from engine.pictures import resize_longest
from engine.serving import sweeps as sweeping
from engine.serving.binary import pack, pending
from engine.serving.sweeps import LARGEST_PERCENT, Scanned, Shown, Swept, Wanted, find_scanned

TOP = 5
SHOWN_PX = 560  # longest side of the picture that is sent along

Percent = Annotated[int, Query(ge=sweeping.SMALLEST_PERCENT, le=LARGEST_PERCENT)]
Stride = Annotated[int, Query(ge=1, le=8)]
ClassIndex = Annotated[int, Query(ge=0, le=999)]

router = APIRouter(prefix="/sliding-window", tags=["pages"])


@router.get("", response_class=Response)
def windows(
    picture: str,
    target: Wanted = "guess",
    window: Percent = 30,
    stride: Stride = 1,
    scales: Annotated[int, Query(ge=1, le=3)] = 1,
    threshold: Annotated[int, Query(ge=20, le=99)] = 50,
    shown: Shown = "areas",
    class_index: ClassIndex = 0,
) -> Response:
    """``picture`` uint8 (h, w, 3), ``heat`` and ``dense`` float32 (rows, columns), ``boxes``.

    ``class_index`` counts where ``target`` is ``class``: one of :func:`classes`.
    ``dense`` is the finest grid, ``heat`` what the stride leaves of it; ``boxes`` float32 (K, 4) in
    pixels and ``scores`` (K,) come from the windows of all sizes at ``threshold`` percent or more.
    A window that would give too many is enlarged to the smallest that ``about.limits`` offers. 202
    with ``done`` and ``total`` while the windows are being classified.
    """
    scanned = find_scanned(picture, target)
    smallest = sweeping.smallest_percent(scanned)
    swept: list[Swept] = []
    for percent in sweeping.window_sizes(max(window, smallest), scales):
        found = sweeping.sweep(scanned, percent)
        if isinstance(found, Progress):
            return pending(found)
        swept.append(found)
    named = [sweeping.heat_of(scanned, each.probs, target, class_index) for each in swept]
    pairs = [(each, heat) for each, (heat, _) in zip(swept, named, strict=True)]
    heat, name = named[0]
    boxes, scores = sweeping.find_boxes(pairs, stride, threshold / 100, shown)
    arrays = {
        "picture": resize_longest(scanned.pixels, SHOWN_PX),
        "heat": heat[::stride, ::stride].numpy(),
        "dense": heat.numpy(),
        "boxes": boxes.numpy(),
        "scores": scores.numpy(),
    }
    return pack(arrays, _facts(scanned, swept, stride, name, smallest))


@router.get("/classes", response_class=Response)
def classes() -> Response:
    """``about.classes``: names of ImageNet's 1000 classes, in the order of their indices."""
    from engine.detection.window_classifiers import IMAGENET_NET
    from engine.nets.catalog import find_classifier

    return pack({}, {"classes": list(find_classifier(IMAGENET_NET).categories)})


@router.get("/cost", response_class=Response)
def cost(
    picture: str, target: Wanted = "guess", window: Percent = 30, stride: Stride = 1
) -> Response:
    """``about.single`` and ``about.batched``: windows classified, and the ms that they took."""
    scanned = find_scanned(picture, target)
    found = sweeping.pace(scanned, max(window, sweeping.smallest_percent(scanned)), stride)
    if isinstance(found, Progress):
        return pending(found)
    return pack({}, {way: vars(paced) for way, paced in found.items()})


@router.get("/crop", response_class=Response)
def crop(
    picture: str,
    row: Annotated[int, Query(ge=0)],
    column: Annotated[int, Query(ge=0)],
    target: Wanted = "guess",
    window: Percent = 30,
    class_index: ClassIndex = 0,
) -> Response:
    """``crop`` uint8 (n, n, 3), what the net was shown, and its ``about.top`` classes.

    ``row`` and ``column`` count windows of the finest grid.
    """
    from engine.nets.classify import top_k

    scanned = find_scanned(picture, target)
    swept = sweeping.sweep(scanned, max(window, sweeping.smallest_percent(scanned)))
    if isinstance(swept, Progress):
        return pending(swept)
    shown = sweeping.crop_at(scanned, swept, row, column)
    classes = sweeping.classifier_of(scanned).classes
    labels = top_k(swept.probs[:, row, column], min(TOP, len(classes)), classes)
    heat, name = sweeping.heat_of(scanned, swept.probs[:, row, column], target, class_index)
    return pack(
        {"crop": shown}, {"top": list(map(vars, labels)), "prob": heat.item(), "name": name}
    )


def _facts(
    scanned: Scanned, swept: list[Swept], stride: int, name: str, smallest: int
) -> dict[str, Any]:
    """Sizes in pixels of the picture are (down, across), since whole pixels make them differ."""
    seen, first = sweeping.classifier_of(scanned), swept[0]
    down, across = first.level.scale
    steps = seen.input_px // seen.finest_px
    return {
        "size": list(scanned.pixels.shape[:2]),
        "window_px": [seen.input_px / down, seen.input_px / across],
        "finest_px": [seen.finest_px / down, seen.finest_px / across],
        "input_px": seen.input_px,
        "sizes": [each.grid.count for each in swept],
        "counts": [each.grid.every(each.grid.stride_px * stride)[0].count for each in swept],
        "batch": sweeping.BATCH,
        "name": name,
        "classifier": scanned.classifier,
        "accuracy": seen.accuracy,
        "limits": {
            "window": {"low": smallest},
            "stride": {"high": min(8, steps)},
        },
    }
