"""Has it learnt, or only memorised?

Main control: per class, how many pictures there are of each. A second training differs in one
remedy; both are asked what they know by heart.
Sources: Zhang et al. 2017 (wrong labels are learnt by heart); Srivastava et al. 2014 (dropout);
Loshchilov and Hutter 2019 (weight decay); Prechelt 1998 (early stopping).
"""

import streamlit as st

from pages.ui.controls import Choice, Slider, Toggle
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "overfitting"
REMEDIES = [
    "dropout", "weight_decay", "augmentation", "early_stopping", "more_data", "smaller_net",
]  # fmt: skip
LESSONS = [
    Slider("per_class", 5, 2000, default=50, log=True),
    Choice("data", ["digits", "shapes32", "faces"], default="digits"),
    Slider("label_noise", 0, 80, default=20, step=5, unit="%"),
    Slider("imbalance", 1, 100, default=1, log=True),
    Choice("net", ["mlp", "small_resnet"], default="mlp"),
    Slider("depth", 1, 6, default=3),
]
PAIR = [
    Choice("remedy", REMEDIES, default="dropout"),
    Slider("epochs", 1, 100, default=50),
    Slider("dropout", 0, 0.9, default=0, step=0.1),
    Slider("weight_decay", 0, 10, default=0, step=0.5),
    Slider("patience", 0, 20, default=0),
    Toggle("augment"),
]
MEMORY = [
    Slider("epoch", 1, 100, default=100),
    Choice("which", ["own", "remedied"], default="own"),
]
PLAIN = {"data": "digits", "imbalance": 1, "net": "mlp", "depth": 3}


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
lessons = stage(STEM, LESSONS, source="overfitting")
try_this(
    STEM,
    {
        "few": PLAIN | {"per_class": 5, "label_noise": 0},
        "many": PLAIN | {"per_class": 140, "label_noise": 0},
        "noise": PLAIN | {"per_class": 50, "label_noise": 50},
        "skewed": PLAIN | {"per_class": 140, "label_noise": 0, "imbalance": 30},
    },
)
predict_then_see(STEM)
part("pair")
trained = stage(
    STEM,
    PAIR,
    source="overfitting/pair",
    fixed=lessons,
    view="comparison",
    key="overfitting_pair",
)
part("memory")
stage(
    STEM,
    MEMORY,
    source="overfitting/memory",
    fixed=lessons | trained,
    view="memory",
)
read_more(STEM)
show_code("engine.train.overfitting:name_gap", "engine.train.overfitting:find_memorised")
