"""The stage of the page "Pixels": a picture's raster, and what it takes as a file."""

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Response

from engine.pictures import WORKING_SIDE_PX, resolve
from engine.serving.binary import pack
from engine.serving.pixels.compute import (
    CLOSEST_PX,
    LOWEST_SIDE_PX,
    FileSize,
    Setting,
    compare_weights,
    draw_raster,
    weigh,
)

LIGHT = True
router = APIRouter(tags=["pixels"])


def _setting(
    resolution: Annotated[int, Query(ge=LOWEST_SIDE_PX, le=WORKING_SIDE_PX)] = WORKING_SIDE_PX,
    bits: Literal["1", "8", "24"] = "24",
    dither: bool = False,
    channels: Literal["rgb", "rg", "rb", "gb", "r", "g", "b", "none"] = "rgb",
) -> Setting:
    return Setting(resolution, int(bits), dither, channels)


Asked = Annotated[Setting, Depends(_setting)]


@router.get("/pixels")
def get_pixels(picture: str, setting: Asked) -> Response:
    """The raster's ``pixels`` (H, W, C), the channels' ``maps``, and each value's ``counts``."""
    source = resolve(picture)
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
def get_files(picture: str, setting: Asked) -> Response:
    """What the raster takes as a bare bitmap and as PNG and JPEG files that were really written."""
    weight = weigh(resolve(picture), setting)
    files = [_told(file) for file in (weight.png, *weight.jpegs)]
    return pack({}, {"bitmap_bytes": weight.bitmap_bytes, "files": files})


@router.get("/pixels/weights")
def get_weights(picture: str, setting: Asked) -> dict[str, dict[str, Any]]:
    """What the raster takes ``now``, at ``half`` the resolution, in full ``colour``, in ``two``
    values: files that were really written."""
    found = compare_weights(resolve(picture), setting)
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
