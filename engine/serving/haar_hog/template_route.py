"""HOG from pixels to a template's response: the second part of the Haar and HOG page."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.haar_hog import template as hog_maps
from engine.serving.haar_hog.contract import HogQuestion, ResponseQuestion

router = APIRouter(prefix="/haar-hog", tags=["pages"])


@router.get("/hog", response_class=Response)
def hog(asked: Annotated[HogQuestion, Query()]) -> Response:
    """One level of the pyramid, every step of it; a level beyond the last is the last.

    ``picture`` uint8 (h, w, 3); ``strength`` float32 (h, w) and ``angle`` uint8 (h, w), degrees, of
    the gradients; ``cells`` float32 (rows, columns, 9), histograms; ``normalised`` of the same
    shape, what blocks say of the cells; ``response`` float32 (n, m), of the window whose upper left
    cell it is; ``template`` float32 (16, 8, 9), weights by cell. Of the up to five best windows of
    all levels: ``boxes`` float32 (K, 4) in pixels of the largest level, ``best`` float32 (K,),
    ``places`` int32 (K, 3), level, row and column.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.detection.hog import CELL_PX, people_template
    from engine.detection.hog_cells import normalised_cells

    chosen = resolve(asked.picture)
    people = hog_maps.find_people(chosen)
    scan, template = people.scan, people_template()
    level = min(asked.level, len(scan.levels) - 1)
    view = hog_maps.view_level(chosen, level)
    places = [people.place(index) for index in people.best.tolist()]
    arrays = {
        "picture": view.pixels,
        "strength": view.strength,
        "angle": view.angle,
        "cells": view.cells,
        "normalised": normalised_cells(view.blocks).numpy(),
        "response": scan.levels[level].response.numpy(),
        "template": template.by_cell().numpy(),
        "boxes": scan.boxes[people.best].numpy(),
        "best": scan.response[people.best].numpy(),
        "places": np.array(places, np.int32).reshape(-1, 3),
    }
    about = {
        "level": level,
        "scale": scan.levels[level].scale,
        "size": list(people.pixels.shape[:2]),
        "window_px": list(template.window_px),
        "cell_px": CELL_PX,
        "bias": template.bias,
        "factor": hog_maps.SCALE_FACTOR,
        "windows": len(scan.response),
        "above": int((scan.response > 0).sum()),
        "range": [float(scan.response.min()), float(scan.response.max())],
        "ms": people.ms,
        "limits": {"level": {"low": 0, "high": len(scan.levels) - 1}},
    }
    return pack(arrays, about)


@router.get("/response", response_class=Response)
def response(asked: Annotated[ResponseQuestion, Query()]) -> Response:
    """``cells`` float32 (16, 8): what each cell of a window adds to the template's response.

    With ``about.bias`` they add up to ``about.response``. ``row`` and ``column`` are the window's
    upper left cell.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.detection.hog import people_template
    from engine.detection.hog_cells import explain_response

    view = hog_maps.view_level(resolve(asked.picture), asked.level)
    told = explain_response(view.blocks, people_template(), asked.row, asked.column)
    about = {"bias": told.bias, "response": told.total, "row": asked.row, "column": asked.column}
    return pack({"cells": told.cells.numpy()}, about)
