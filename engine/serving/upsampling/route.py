"""A scene shrunk once and grown back six ways: what the page Growing back asks."""

from time import perf_counter
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.scenes_contract import SHOWN_SCENES
from engine.serving.upsampling.compute import (
    Grown,
    by_distance,
    grow,
    look_into_layers,
    shipped,
)
from engine.serving.upsampling.contract import DistanceQuestion, LayersQuestion, Question

router = APIRouter(prefix="/upsampling", tags=["pages"])


@router.get("", response_class=Response)
def grow_scene(asked: Annotated[Question, Query()]) -> Response:
    """A held-out scene through the encoder and all decoders.

    Arrays: ``pixels`` uint8 (H, W, 3); ``truth`` uint8 (H, W) and ``said`` uint8 (decoders, H, W),
    classes; ``encoder_<k>`` float32 (h, w), the strongest channel after k halvings;
    ``<decoder>_<i>`` float32 (h, w), that of its i-th step, the logits left out.

    Bound: 0.5 s of a core, 50 MiB.
    """
    began = perf_counter()
    grown = grow(asked.scene, asked.things, asked.difficulty)
    arrays = {"pixels": grown.scene.pixels, "truth": grown.scene.semantic, "said": grown.said}
    return pack(arrays | grown.tiles, _about(grown) | {"ms": (perf_counter() - began) * 1000})


@router.get("/distance", response_class=Response)
def distance(asked: Annotated[DistanceQuestion, Query()]) -> Response:
    """``iou`` and ``right`` float32 (decoders, bands) in [0, 1], NaN without any pixel; ``pixels``
    int32 (bands,). Over all scenes of the page; 202 with ``done`` and ``total`` until then.

    Bound: a job of 10 s of a core, 200 MiB.
    """
    from engine.segment.train_upsampling import EDGES_PX

    found = by_distance(asked.things, asked.difficulty)
    if isinstance(found, Progress):
        return pending(found)
    table = list(found.values())
    arrays = {
        "iou": np.array([[b.mean_iou for b in bands] for bands in table], np.float32),
        "right": np.array([[b.pixel_accuracy for b in bands] for bands in table], np.float32),
        "pixels": np.array([band.table.sum() for band in table[0]], np.int32),
    }
    about = {"decoders": list(found), "edges_px": EDGES_PX[:-1], "scenes": SHOWN_SCENES}
    return pack(arrays, about)


@router.get("/layers", response_class=Response)
def layers(asked: Annotated[LayersQuestion, Query()]) -> Response:
    """How a transposed convolution and unpooling would undo one halving of the encoder.

    Arrays as in :class:`engine.serving.upsampling.compute.Layers`, and ``learnt_<decoder>`` float32
    (h, w), the strongest channel of what the trained decoder makes of that size.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.segment.growth import strongest_channel

    grown = grow(asked.scene, asked.things, asked.difficulty)
    found = look_into_layers(grown, asked.kernel, asked.stride, asked.halving)
    arrays = {
        name: getattr(found, name).numpy()
        for name in ("counts", "even", "before", "pooled", "unpooled")
    }
    arrays["places"] = found.places.numpy().astype(np.uint8)
    for name, reading in grown.readings.readings.items():
        if name in found.learnt:
            step = reading.steps[6 - asked.halving]
            arrays[f"learnt_{name}"] = step[strongest_channel(step)].numpy()
    about = {
        "channel": found.channel,
        "unevenness": found.unevenness,
        "learnt": found.learnt,
    }
    return pack(arrays, about)


def _about(grown: Grown) -> dict[str, object]:
    from engine.segment.train_upsampling import EDGES_PX
    from engine.segment.upsampling_net import STRIDE_PX

    made = shipped()
    whole = {name: sum(bands[1:], start=bands[0]) for name, bands in grown.bands.items()}
    near = {name: bands[0] + bands[1] for name, bands in grown.bands.items()}
    return {
        "classes": made.class_names,
        "decoders": list(grown.bands),
        "shapes": grown.shapes,
        "mean_iou": {name: each.mean_iou for name, each in whole.items()},
        "near_iou": {name: each.mean_iou for name, each in near.items()},
        "near_px": EDGES_PX[2],
        "held_out": dict(made.figures),
        "focus": grown.focus,
        "stride_px": STRIDE_PX,
    }
