"""The stage of the page "Pixels": a picture's raster, and what it takes as a file."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.pixels.compute import (
    FileSize,
    compare_weights,
    draw_raster,
    setting_of,
    weigh,
)
from engine.serving.pixels.contract import CLOSEST_PX, Question

LIGHT = True
router = APIRouter(tags=["pixels"])


Asked = Annotated[Question, Query()]


@router.get("/pixels")
def get_pixels(asked: Asked) -> Response:
    """The raster's ``pixels`` (H, W, C), the channels' ``maps``, and each value's ``counts``.

    Bound: 0.5 s of a core, 100 MiB.
    """
    source, setting = resolve(asked.picture), setting_of(asked)
    settled = setting.settled(source)
    raster = draw_raster(source, setting)
    longest_px = max(source.pixels.shape[:2])
    about = {
        "size": raster.pixels.shape[:2],
        "own_size": source.pixels.shape[:2],
        "bits": settled.bits,
        "channels": settled.channels,
        "white": raster.counts.shape[1] - 1,
        "bitmap_bytes": raster.bitmap_bytes,
        "row_bytes": raster.bitmap_bytes // raster.pixels.shape[0],
        "limits": {
            "zoom": {"high": max(1, max(raster.pixels.shape[:2]) / CLOSEST_PX)},
            "resolution": {"high": longest_px},
            "dither": {"disabled": settled.bits != 1},
        },
    }
    counts = raster.counts.astype(np.uint32)
    return pack({"pixels": raster.values, "maps": raster.maps, "counts": counts}, about)


@router.get("/pixels/files")
def get_files(asked: Asked) -> Response:
    """What the raster takes as a bare bitmap and as PNG and JPEG files that were really written.

    Bound: 3 s of a core, 300 MiB.
    """
    weight = weigh(resolve(asked.picture), setting_of(asked))
    files = [_told(file) for file in (weight.png, *weight.jpegs)]
    return pack({}, {"bitmap_bytes": weight.bitmap_bytes, "files": files})


@router.get("/pixels/weights")
def get_weights(asked: Asked) -> dict[str, dict[str, Any]]:
    """What the raster takes ``now``, at ``half`` the resolution, in full ``colour``, in ``two``
    values: files that were really written.

    Bound: 2 s of a core, 200 MiB.
    """
    found = compare_weights(resolve(asked.picture), setting_of(asked))
    weights = {"now": found.now, "half": found.half, "colour": found.colour}
    return {
        name: {
            "size": weight.size,
            "bits": weight.bits,
            "bitmap_bytes": weight.bitmap_bytes,
            "png": _told(weight.png),
            "jpegs": [_told(jpeg) for jpeg in weight.jpegs],
        }
        for name, weight in (weights | {"two": found.two_values}).items()
    }


def _told(file: FileSize) -> dict[str, object]:
    """JSON has no infinity: an exact file has no PSNR."""
    return {
        "form": file.form,
        "quality": file.quality,
        "file_bytes": file.file_bytes,
        "psnr_db": None if file.exact else file.psnr_db,
    }
