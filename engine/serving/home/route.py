"""The home page's stage: the strongest maps at one depth of MobileNetV2, and what it says."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.home.contract import Question
from engine.serving.readings import read_picture

MODEL = "mobilenet_v2"
SHOWN_MAPS = 16
TOP = 3

router = APIRouter(tags=["pages"])


@router.get("/home", response_class=Response)
def home(asked: Annotated[Question, Query()]) -> Response:
    """``view`` uint8 (h, w, 3); ``maps`` float32 (16, H, W), strongest first; facts in about."""
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
