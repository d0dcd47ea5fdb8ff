"""Pixels: a picture is a grid of numbers, and everything else follows from that.

Main control: zoom, from the whole picture to eight pixels side by side with their values in them.
It needs nothing new from the engine, and it is what the page is about: the photograph and the
numbers are the same thing. Resolution, bit depth and channels change the numbers.

Sources: ITU-R BT.601 (grey); Floyd and Steinberg, 1976 (dithering); engine/pictures.
"""

from typing import Any

import streamlit as st

from engine.serving.pixels.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
WHOLE = FIRST | {"zoom": 1}


def loss(file: dict[str, Any]) -> str:
    """What a file loses, in words."""
    key = "loss_none" if file["psnr_db"] is None else "loss_psnr"
    return label("pixels", key, psnr_db=file["psnr_db"])


def told(weight: dict[str, Any], prefix: str = "") -> dict[str, object]:
    """What the texts say about a weight."""
    jpeg = weight["jpegs"][0]
    return {
        f"{prefix}height": weight["size"][0],
        f"{prefix}width": weight["size"][1],
        f"{prefix}raw": weight["bitmap_bytes"],
        f"{prefix}png": weight["png"]["file_bytes"],
        f"{prefix}jpeg": jpeg["file_bytes"],
        f"{prefix}loss": loss(jpeg),
    }


def show_result(weights: Answer) -> None:
    """What the picture takes as it is set, in words."""
    now = weights["now"]
    numbers = told(now) | {"bits": now["bits"], "quality": now["jpegs"][0]["quality"]}
    st.markdown(label("pixels", "result", **numbers))


def predict_and_read(weights: Answer) -> None:
    """The question at this setting, and the longer text with its numbers."""
    predict_then_see("pixels", **told(weights["now"]), **told(weights["half"], "half_"))
    read_more(
        "pixels",
        quality=weights["now"]["jpegs"][0]["quality"],
        **told(weights["colour"], "colour_"),
        **told(weights["two"], "two_"),
    )


open_page("pixels")
picture = {"picture": current_picture().ref}
try_this(
    "pixels",
    {
        "whole": WHOLE,
        "sixteen": WHOLE | {"resolution": 16},
        "dithered": WHOLE | {"bits": "1", "dither": True},
        "blue": WHOLE | {"channels": "b"},
    },
)
values = stage("pixels", CONTROLS, source="pixels", fixed=picture)
when_answered("pixels/weights", picture | values, show_result)
when_answered("pixels/weights", picture | values, predict_and_read)
show_code(
    "engine.pictures.raster:resize_longest",
    "engine.pictures.depth:quantise",
    "engine.pictures.raster:histogram",
    "engine.pictures.encodings:psnr_db",
)
