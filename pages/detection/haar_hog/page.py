"""How did computers find faces before they learnt features?

Main control: stage, up to which windows of the cascade are sent; what is left is looked up.
Sources: Viola and Jones 2001, Lienhart and Maydt 2002 (Haar cascades); Dalal and Triggs 2005 (HOG);
Felzenszwalb et al. 2010 (root filter, hard negatives).
"""

import streamlit as st

from engine.serving.haar_hog.contract import CASCADES, HaarQuestion, HogQuestion, SvmQuestion
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "haar_hog"
HOG = controls_of(HogQuestion)
SVM = controls_of(SvmQuestion)
GRADIENTS, LEARN = first_state(HOG), first_state(SVM)
WHEEL = "66,126,158,218"  # of the sample motorcycle


def haar_controls() -> list[Control]:
    """What can be moved over the cascade; cascades stand under what they look for."""
    names = [name for group in CASCADES.values() for name in group]
    headings = {n: label(STEM, f"group_{g}") for g, group in CASCADES.items() for n in group}
    return controls_of(HaarQuestion, options={"cascade": Options(names, groups=headings)})


open_page(STEM)
picture = {"picture": current_picture().ref}
moved = haar_controls()
FIRST = first_state(moved)
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
stage(STEM, moved, source="haar-hog", fixed=picture)
predict_then_see(STEM)
st.subheader(prose(STEM, "hog_title"), anchor=False)
st.markdown(prose(STEM, "hog"))
try_this(
    STEM,
    {
        "gradients": GRADIENTS | {"layer": "gradients"},
        "cells": GRADIENTS | {"layer": "cells"},
        "blocks": GRADIENTS | {"layer": "blocks"},
        "response": GRADIENTS | {"layer": "response"},
        "smaller": GRADIENTS | {"layer": "response", "level": 5},
    },
    view="template",
)
stage(STEM, HOG, source="haar-hog/hog", fixed=picture, view="template")
WHEELS = LEARN | {"boxes": WHEEL, "taught": "motorcycle", "c": -2.5}
st.subheader(prose(STEM, "svm_title"), anchor=False)
st.markdown(prose(STEM, "svm"))
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
stage(STEM, SVM, source="haar-hog/svm", fixed=picture, view="svm", words=["own_labels"])
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
