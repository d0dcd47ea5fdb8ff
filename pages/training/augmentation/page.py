"""How can one picture stand for many, and when does it become a lie?

Main control: rotate, one of the strengths; each is a transform of torchvision's v2.
Sources: Simard et al. 2003; AutoAugment (Cubuk et al. 2018); RandAugment (2019); TrivialAugment
(Müller and Hutter 2021); torchvision.transforms.v2.
"""

import streamlit as st

from engine.serving.augmentation.contract import STRENGTHS, CompareQuestion, Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "augmentation"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
OFF = FIRST | dict.fromkeys(STRENGTHS, 0.0)
SOME = {name: 0.3 for name in ("crop", "zoom", "rotate", "perspective", "colour", "erase")}


def show_result(found: Answer) -> None:
    """How many augmentations are at work, and how many leave the label true."""
    count = len(found["verdicts"])
    if not count:
        st.markdown(label(STEM, "result_none"))
        return
    subject = label(STEM, f"option_subject_{values['subject']}")
    st.markdown(label(STEM, "result", subject=subject, count=count, kept=found["kept"]))


open_page(STEM)
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "mirror": OFF | {"subject": "digit", "flip": 0.5},
        "turn": OFF | {"subject": "digit", "rotate": 1.0},
        "all": OFF | SOME | {"flip": 0.5},
        "policy": OFF | {"policy": "trivial_augment"},
        "off": OFF,
    },
)
values = stage(STEM, CONTROLS, source=STEM, fixed=picture)
when_answered(STEM, picture | values, show_result)
st.subheader(prose(STEM, "compare_title"), anchor=False)
st.markdown(prose(STEM, "compare"))
stage(
    STEM,
    controls_of(CompareQuestion, "seeds", "per_class", "epochs"),
    source=f"{STEM}/compare",
    fixed={name: value for name, value in values.items() if name != "seed"},
    view="compare",
    words=("comparison",),
    height_px=400,
)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.train.augment:make_transforms",
    "engine.train.augment_samples:draw_samples",
    "engine.train.label_keeping:judge_label",
    "engine.train.paired:compare_pairs",
)
