"""Has it learnt, or only memorised?

Main control: per class, how many pictures there are of each. A second training differs in one
remedy; both are asked what they know by heart.
Sources: Zhang et al. 2017 (wrong labels are learnt by heart); Srivastava et al. 2014 (dropout);
Loshchilov and Hutter 2019 (weight decay); Prechelt 1998 (early stopping).
"""

import streamlit as st

from engine.serving.overfitting.contract import MemoryQuestion, PairQuestion, Question
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "overfitting"
LESSONS = controls_of(Question)
PAIR = controls_of(
    PairQuestion, "remedy", "epochs", "dropout", "weight_decay", "patience", "augment"
)
MEMORY = controls_of(MemoryQuestion, "epoch", "which")
PLAIN = first_state(LESSONS) | {"label_noise": 0}


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "few": PLAIN | {"per_class": 5},
        "many": PLAIN | {"per_class": 140},
        "five_hundred": PLAIN | {"data": "shapes32", "per_class": 500},
        "noise": PLAIN | {"label_noise": 50},
        "skewed": PLAIN | {"per_class": 140, "imbalance": 30},
    },
)
lessons = stage(STEM, LESSONS, source="overfitting", height_px=560)
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
with st.expander(prose(STEM, "remedies_title")):
    st.markdown(prose(STEM, "remedies"))
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
