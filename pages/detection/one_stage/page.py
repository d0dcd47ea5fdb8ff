"""How does one look find small things and large ones, and which cell of which grid finds them?

Main control: zoom, how large the picture is shown to NanoDet, whose three grids take the thing over
from one another.
Sources: RangiLyu/nanodet; Lin et al. 2017 (feature pyramids; RetinaNet, focal loss); Li et al. 2020
(sides as distributions).
"""

import streamlit as st

from engine.serving.one_stage.contract import (
    AnchorsQuestion,
    FocalQuestion,
    Question,
    RaceQuestion,
)
from pages.detection.one_stage.said import show_carried, show_verdicts
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "one_stage"
SOURCE = "one-stage"
MOVED = controls_of(Question)
ANCHORED = controls_of(AnchorsQuestion)
CARRIED = controls_of(FocalQuestion)
FIRST, BOX, LOSS = first_state(MOVED), first_state(ANCHORED), first_state(CARRIED)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "whole": FIRST | {"zoom": 100},
        "small": FIRST | {"zoom": 15},
        "cup": FIRST | {"thing": "41", "zoom": 100},
        "every": FIRST | {"score": 0.05},
    },
    samples={"cup": "coffee"},
)
values = stage(STEM, MOVED, source=SOURCE, fixed=picture, height_px=900)
when_answered(f"{SOURCE}/zooms", picture | {"thing": values["thing"]}, show_verdicts)
predict_then_see(STEM)
part("anchors")
try_this(
    STEM,
    {
        "square": BOX | {"box": "400,400,520,580"},
        "tiny": BOX | {"box": "500,500,518,524"},
        "thin": BOX | {"box": "60,480,960,540"},
        "fine": BOX | {"level": "P3"},
    },
    view="anchors",
)
stage(STEM, ANCHORED, source=f"{SOURCE}/anchors", fixed=picture, view="anchors", height_px=640)
part("focal")
try_this(
    STEM,
    {
        "plain": LOSS | {"gamma": 0},
        "extreme": LOSS | {"gamma": 5},
        "untaught": LOSS | {"net": "before"},
    },
    view="focal",
)
loss = stage(STEM, CARRIED, source=f"{SOURCE}/focal", view="focal", height_px=600)
when_answered(f"{SOURCE}/focal", loss, show_carried)
part("race")
stage(
    STEM,
    controls_of(RaceQuestion),
    source=f"{SOURCE}/race",
    view="race",
    words=["comparison"],
    height_px=380,
)
read_more(STEM)
show_code(
    "engine.detection.nanodet.cells:Cells",
    "engine.detection.nanodet.following:follow",
    "engine.detection.nanodet.following:winnow",
    "engine.detection.anchors:retina_anchors",
    "engine.detection.anchors:assign",
    "engine.detection.focal:focal_loss",
    "engine.trainable.retina_net:FocalHead",
)
