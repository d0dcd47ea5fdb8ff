"""Why did deep networks stop learning, and what made them learn again?

Main control: depth, the number of layers that a gradient must come back through.
Sources: Hochreiter 1991; Glorot and Bengio 2010; He et al. 2015 and 2016; Ioffe and Szegedy 2015.
"""

import streamlit as st

from engine.serving.vanishing_gradients.contract import Question, RaceQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "vanishing_gradients"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
RELU = {"activation": "relu", "init": "he"}


def show_result(found: Answer) -> None:
    """The measured ratio in words."""
    first, last = found.arrays["norms"][0], found.arrays["norms"][-1]
    numbers = {"first": f"{first:.2g}", "last": f"{last:.2g}", "depth": values["depth"]}
    st.markdown(label(STEM, "result", factor=f"{found['factor']:.3f}", **numbers))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "vanish": FIRST | {"depth": 30},
        "revive": FIRST | RELU,
        "norm": FIRST | {"norm": "batch"},
        "skip": FIRST | {"skip": True},
        "explode": FIRST | RELU | {"depth": 30, "skip": True},
    },
)
values = stage(STEM, CONTROLS, source="vanishing-gradients")
when_answered("vanishing-gradients", values, show_result)
st.subheader(prose(STEM, "race_title"), anchor=False)
st.markdown(prose(STEM, "race"))
stage(
    STEM,
    controls_of(RaceQuestion, "rate"),
    source="vanishing-gradients/race",
    fixed=values,
    view="race",
)
predict_then_see(STEM)
read_more(STEM)
show_code("engine.neurons.depth:study_depth", "engine.neurons.depth:textbook_factor")
