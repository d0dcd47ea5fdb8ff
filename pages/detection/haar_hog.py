"""How did computers find faces before they learnt features?

Main control: stage, up to which windows of the cascade are sent; what is left is looked up.
Sources: Viola and Jones 2001, Lienhart and Maydt 2002 (Haar cascades); Dalal and Triggs 2005 (HOG).
"""

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.haar_stages import CASCADES, find_story
from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, language, prose

STEM = "haar_hog"
FACE = "frontalface_default"
FIRST: dict[str, Value] = {
    "stage": 5, "cascade": FACE, "factor": 1.1, "neighbours": 3, "spot": "", "tree": "",
}  # fmt: skip

HOG = [
    Slider("level", 0, 12, default=0),
    Choice("layer", ["gradients", "cells", "blocks", "response"], default="blocks"),
    Hidden("at", r"(\d{1,3},\d{1,3})?"),
]


def haar_controls() -> list[Slider | Choice | Hidden]:
    """What can be moved over the cascade; cascades stand under what they look for."""
    names = [name for group in CASCADES.values() for name in group]
    headings = {n: label(STEM, f"group_{g}") for g, group in CASCADES.items() for n in group}
    return [
        Slider("stage", 0, 47, default=5),
        Choice("cascade", names, default=FACE, groups=headings),
        Slider("factor", 1.05, 2, default=1.1, step=0.05),
        Slider("neighbours", 0, 20, default=3),
        Hidden("spot", r"(\d{1,3},\d{1,3})?"),
        Hidden("tree", r"\d{0,3}"),
    ]


def show_result(values: dict[str, Value]) -> None:
    """How many windows there were and what is left in the end, in words, once that is known."""
    asked = str(values["cascade"]), float(values["factor"])
    story = find_story(current_picture().ref, *asked)
    if isinstance(story, Progress):
        return
    counts, stages = story.counts(), story.left.stages
    boxes = len(story.left.group(int(values["neighbours"])).kept)
    numbers = {"windows": f"{counts[0]:,}", "survivors": counts[-1], "stages": stages}
    st.markdown(label(STEM, "result", boxes=boxes, **numbers))


open_page(STEM)
picture = {"picture": current_picture().ref}
cascaded = stage(STEM, haar_controls(), source="haar-hog", fixed=picture)
try_this(
    STEM,
    {
        "first": FIRST | {"stage": 1},
        "face": FIRST | {"stage": 25},
        "eyes": FIRST | {"cascade": "eye", "stage": 24},
        "wall": FIRST | {"spot": "345,60", "stage": 25},
        "tilted": FIRST | {"cascade": "smile", "stage": 12},
    },
    samples=dict.fromkeys(("face", "eyes", "wall", "tilted"), "astronaut"),
)
try:
    show_result(cascaded)
except InputError as error:
    st.error(error.sentence(language()))
predict_then_see(STEM)
st.subheader(prose(STEM, "hog_title"), anchor=False)
st.markdown(prose(STEM, "hog"))
stage(STEM, HOG, source="haar-hog/hog", fixed=picture, view="hog_template")
try_this(
    STEM,
    {
        "gradients": {"layer": "gradients"},
        "cells": {"layer": "cells"},
        "blocks": {"layer": "blocks"},
        "response": {"layer": "response"},
        "smaller": {"layer": "response", "level": 5},
    },
    view="hog_template",
)
read_more(STEM)
show_code(
    "engine.detection.haar:evaluate",
    "engine.detection.haar_window:explain_window",
    "engine.detection.haar_features:Integrals",
    "engine.detection.hog:gradient_votes",
    "engine.detection.hog:respond",
    "engine.detection.hog_cells:explain_response",
)
