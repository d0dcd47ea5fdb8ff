"""How did computers find faces before they learnt features?

Main control: stage, up to which windows of the cascade are sent; what is left is looked up.
Sources: Viola and Jones 2001, Lienhart and Maydt 2002 (Haar cascades); Dalal and Triggs 2005 (HOG);
Felzenszwalb et al. 2010 (root filter, hard negatives).
"""

import streamlit as st

from engine.serving.haar_hog.stages import CASCADES
from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

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
BOX = r"\d{1,3},\d{1,3},\d{1,3},\d{1,3}"
EYES, WHEEL = "115,72,193,134;258,94,316,148", "66,126,158,218"
SVM = [
    Slider("c", -4, 1, default=-2, step=0.25),
    Slider("rounds", 0, 6, default=0),
    Slider("samples", 10, 500, default=200, step=10),
    Slider("seed", 0, 20, default=0),
    Choice("draw", ["object", "background"], default="object"),
    Choice("overlay", ["response", "examples"], default="response"),
    Hidden("boxes", rf"({BOX}(;{BOX}){{0,49}})?", default=EYES),
    Hidden("background", rf"({BOX}(;{BOX}){{0,49}})?"),
    Hidden("taught", r"[A-Za-z0-9_-]{1,80}", default="chelsea"),
]
LEARN: dict[str, Value] = {
    "c": -2, "rounds": 0, "boxes": EYES, "background": "", "taught": "chelsea",
}  # fmt: skip


def haar_controls() -> list[Slider | Choice | Hidden]:
    """What can be moved over the cascade; cascades stand under what they look for."""
    names = [name for group in CASCADES.values() for name in group]
    headings = {n: label(STEM, f"group_{g}") for g, group in CASCADES.items() for n in group}
    return [
        Slider("stage", 0, 47, default=5),
        Choice("cascade", names, default=FACE, groups=headings),
        Slider("factor", 1.05, 2, default=1.1, step=0.05, log=True),
        Slider("neighbours", 0, 20, default=3),
        Hidden("spot", r"(\d{1,3},\d{1,3})?"),
        Hidden("tree", r"\d{0,3}"),
    ]


open_page(STEM)
picture = {"picture": current_picture().ref}
stage(STEM, haar_controls(), source="haar-hog", fixed=picture)
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
predict_then_see(STEM)
st.subheader(prose(STEM, "hog_title"), anchor=False)
st.markdown(prose(STEM, "hog"))
stage(STEM, HOG, source="haar-hog/hog", fixed=picture, view="template")
try_this(
    STEM,
    {
        "gradients": {"layer": "gradients"},
        "cells": {"layer": "cells"},
        "blocks": {"layer": "blocks"},
        "response": {"layer": "response"},
        "smaller": {"layer": "response", "level": 5},
    },
    view="template",
)
st.subheader(prose(STEM, "svm_title"), anchor=False)
st.markdown(prose(STEM, "svm"))
stage(STEM, SVM, source="haar-hog/svm", fixed=picture, view="svm")
WHEELS = LEARN | {"boxes": WHEEL, "taught": "motorcycle", "c": -2.5}
try_this(
    STEM,
    {
        "cat_eyes": LEARN,
        "mined": LEARN | {"rounds": 1, "c": -1},
        "wheel": WHEELS,
        "cup": WHEELS,
        "cat_wheel": WHEELS,
    },
    view="svm",
    samples=dict.fromkeys(("cat_eyes", "mined", "cat_wheel"), "chelsea")
    | {"wheel": "motorcycle", "cup": "coffee"},
)
read_more(STEM)
show_code(
    "engine.detection.haar:evaluate",
    "engine.detection.haar_window:explain_window",
    "engine.detection.haar_features:Integrals",
    "engine.detection.hog:gradient_votes",
    "engine.detection.hog:respond",
    "engine.detection.hog_cells:explain_response",
    "engine.detection.hog_svm:train_svm",
    "engine.detection.hog_svm:first_round",
)
