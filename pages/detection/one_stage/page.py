"""How does one look find small things and large ones, and which cell of which grid finds them?

Main control: zoom, how large the picture is shown to NanoDet, whose three grids take the thing over
from one another.
Sources: RangiLyu/nanodet; Lin et al. 2017 (RetinaNet, feature pyramids); Li et al. 2020 (sides as
distributions).
"""

import streamlit as st

from engine.serving.one_stage.contract import AnchorsQuestion, Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "one_stage"
SOURCE = "one-stage"
MOVED = controls_of(Question)
ANCHORED = controls_of(AnchorsQuestion)
FIRST, BOX = first_state(MOVED), first_state(ANCHORED)


def won(rows: int, sizes: list[float] | None) -> str:
    """At which sizes a grid wins, in words."""
    if sizes is None:
        return label(STEM, "won_never", rows=rows)
    low, high = (round(size) for size in sizes)
    key = "won_once" if low == high else "won_range"
    return label(STEM, key, rows=rows, low=low, high=high)


def sure(rows: int, size: float | None) -> str:
    """From which size on a grid is sure, in words."""
    if size is None:
        return label(STEM, "sure_never", rows=rows)
    return label(STEM, "sure_from", rows=rows, size=round(size))


def show_verdicts(found: Answer) -> None:
    """What the two sentences of the notes are worth on this picture."""
    rows = [rows for rows, _ in found["grids"]]
    for name, parts in (
        ("map", map(won, rows, found["won_px"])),
        ("grid", map(sure, rows, found["smallest_px"])),
    ):
        told = {"name": found["name"], "sure": found["sure"], "parts": ", ".join(parts)}
        st.markdown(label(STEM, f"verdict_{name}_{found[f'{name}_verdict']}", **told))


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
st.subheader(prose(STEM, "anchors_title"), anchor=False)
st.markdown(prose(STEM, "anchors"))
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
read_more(STEM)
show_code(
    "engine.detection.nanodet.cells:Cells",
    "engine.detection.nanodet.following:follow",
    "engine.detection.nanodet.following:winnow",
    "engine.detection.anchors:retina_anchors",
    "engine.detection.anchors:assign",
)
