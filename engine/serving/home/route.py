"""The home page: the strongest maps at one depth of MobileNetV2, and the path's thumbnails."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.home.contract import PathQuestion, Question
from engine.serving.readings import read_picture

MODEL = "mobilenet_v2"
SHOWN_MAPS = 16
TOP = 3

router = APIRouter(prefix="/home", tags=["pages"])


@router.get("", response_class=Response)
def home(asked: Annotated[Question, Query()]) -> Response:
    """``view`` uint8 (h, w, 3); ``maps`` float32 (16, H, W), strongest first; facts in about.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import top_k
    from engine.nets.features import channel_strength

    reading = read_picture(resolve(asked.picture), MODEL)
    name, stage = list(reading.facts.stages.items())[asked.depth - 1]
    maps = reading.maps[name]
    strongest = channel_strength(maps[None]).order[:SHOWN_MAPS]
    labels = top_k(reading.probs, TOP, find_classifier(MODEL).categories)
    field_px = reading.facts.fields[stage.name].size
    about = {
        "layer": name,
        "channels": stage.channels,
        "size": list(stage.size),
        "field_px": [min(pair) for pair in zip(field_px, reading.x.shape[2:], strict=True)],
        "picked": strongest.tolist(),
        "labels": [{"name": label.name, "prob": label.prob} for label in labels],
        "title": find_classifier(MODEL).title,
    }
    return pack({"view": reading.view, "maps": maps[strongest].numpy()}, about)


@router.get("/thumbnails", response_class=Response)
def thumbnails(asked: Annotated[PathQuestion, Query()]) -> Response:
    """What some pages show, small: see :class:`engine.serving.thumbnail.Thumbnail`.

    Its arrays are named ``<page>.<array>``; ``about.pages`` has what is to be known of each,
    ``about.unfinished`` names those to ask for again, ``about.none`` those that have none.

    Bound: a job of 5 s of a core, 300 MiB.
    """
    from engine.serving.home.thumbnails import draw_thumbnails

    drawn = draw_thumbnails(resolve(asked.picture), [p for p in asked.pages.split(",") if p])
    arrays = {
        f"{page}.{name}": array
        for page, each in drawn.found.items()
        for name, array in each.arrays().items()
    }
    about = {
        "pages": {page: each.about() for page, each in drawn.found.items()},
        "unfinished": drawn.unfinished,
        "none": drawn.none,
        "on_picture": drawn.on_picture,
    }
    return pack(arrays, about)
