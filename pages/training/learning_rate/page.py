"""How wrong was it, and how far should it step?

Main control: at, where the net stands, from a confident mistake to a confident hit; then the rate.
Sources: LeCun et al. 1998 ("Efficient backprop": losses, shuffling, steps); Kingma and Ba 2015 and
Loshchilov and Hutter 2019 (AdamW); Smith and Topin 2017 (one cycle).
"""

import streamlit as st

from engine.serving.learning_rate.contract import (
    DescentQuestion,
    EpochQuestion,
    LossesQuestion,
    OrderQuestion,
    SchedulesQuestion,
)
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "learning_rate"
LOSSES = controls_of(LossesQuestion)
DESCENT = controls_of(DescentQuestion)
FIRST, DOWNHILL = first_state(LOSSES), first_state(DESCENT)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "confident": FIRST | {"at": -6},
        "undecided": FIRST | {"at": 0},
        "outlier": FIRST | {"at": 6, "case": "number"},
    },
)
stage(STEM, LOSSES, source="learning-rate/losses")
predict_then_see(STEM)
part("descent")
try_this(
    STEM,
    {
        "over": DOWNHILL | {"rate": 1.0},
        "diverge": DOWNHILL | {"surface": "valley", "rate": 1.05},
        "decay": DOWNHILL | {"surface": "valley", "rate": 0.9, "schedule": "cosine"},
    },
    view="descent",
)
stage(STEM, DESCENT, source="learning-rate/descent", view="descent")
part("schedules")
stage(
    STEM,
    controls_of(SchedulesQuestion),
    source="learning-rate/schedules",
    view="comparison",
    key="lr_schedules",
)
part("epoch")
stage(STEM, controls_of(EpochQuestion), source="learning-rate/epoch", view="epoch")
part("order")
stage(
    STEM,
    controls_of(OrderQuestion),
    source="learning-rate/order",
    view="comparison",
    key="lr_order",
)
read_more(STEM)
show_code(
    "engine.train.loss_curves:loss_and_gradient",
    "engine.train.descent:descend_surface",
    "engine.train.schedules:learning_rate",
    "engine.train.one_epoch:study_epoch",
)
