"""How wrong was it, and how far should it step?

Main control: at, where the net stands, from a confident mistake to a confident hit; then the rate.
Sources: LeCun et al. 1998 ("Efficient backprop": losses, shuffling, steps); Kingma and Ba 2015 and
Loshchilov and Hutter 2019 (AdamW); Smith and Topin 2017 (one cycle).
"""

import streamlit as st

from pages.ui.controls import Choice, Hidden, Slider, Toggle
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "learning_rate"
LOSSES = [
    Slider("at", -6, 6, default=-3, step=0.1),
    Choice("case", ["class", "number"], default="class"),
]
DESCENT = [
    Slider("rate", 0.001, 10, default=0.1, step=0.001, log=True),
    Choice("surface", ["hollows", "himmelblau", "rastrigin", "valley"], default="hollows"),
    Choice("schedule", ["constant", "step", "cosine", "one_cycle", "warmup"], default="constant"),
    Slider("momentum", 0, 0.99, default=0.9, step=0.01),
    Hidden("start", r"-?[0-5]\.\d\d,-?[0-5]\.\d\d", default="-3.00,3.40"),
]
SCHEDULES = [
    Slider("peak", 0.001, 10, default=1, step=0.001, log=True),
    Choice("compared", ["rates", "schedules", "optimisers"], default="rates"),
    Choice("optimiser", ["sgd", "momentum", "adamw"], default="sgd"),
    Toggle("warmup"),
]
EPOCH = [
    Slider("batch", 8, 512, default=64, step=8, log=True),
    Choice("order", ["shuffled", "fixed", "by_class"], default="shuffled"),
]
ORDER = [Slider("order_batch", 8, 512, default=32, step=8, log=True)]
CAUGHT = {"surface": "hollows", "start": "-3.00,3.40", "schedule": "constant", "momentum": 0.9}


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
stage(STEM, LOSSES, source="learning-rate/losses")
try_this(
    STEM,
    {
        "confident": {"at": -6, "case": "class"},
        "undecided": {"at": 0, "case": "class"},
        "outlier": {"at": 6, "case": "number"},
    },
)
predict_then_see(STEM)
part("descent")
stage(STEM, DESCENT, source="learning-rate/descent", view="descent")
try_this(
    STEM,
    {
        "caught": CAUGHT | {"rate": 0.1},
        "over": CAUGHT | {"rate": 1.0},
        "diverge": CAUGHT | {"surface": "valley", "rate": 1.05},
        "decay": CAUGHT | {"surface": "valley", "rate": 0.9, "schedule": "cosine"},
    },
    view="descent",
)
part("schedules")
stage(STEM, SCHEDULES, source="learning-rate/schedules", view="comparison", key="lr_schedules")
part("epoch")
stage(STEM, EPOCH, source="learning-rate/epoch", view="epoch")
part("order")
stage(STEM, ORDER, source="learning-rate/order", view="comparison", key="lr_order")
read_more(STEM)
show_code(
    "engine.train.loss_curves:loss_and_gradient",
    "engine.train.descent:descend_surface",
    "engine.train.schedules:learning_rate",
    "engine.train.one_epoch:study_epoch",
)
