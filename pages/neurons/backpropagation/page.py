"""How does a mistake find its way back to every weight?

Main control: rate, the learning rate of the next step, against the loss that it leads to.
Sources: Rumelhart, Hinton and Williams 1986; Linnainmaa 1970; Werbos 1974; Mazur 2015 (the worked
example).
"""

import streamlit as st

from engine.serving.backpropagation.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import brief, label, told_apart

STEM = "backpropagation"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
MAZUR = {
    "activation": "sigmoid",
    "output": "same",
    "outputs": 2,
    "examples": 1,
    "weights": "0.15,0.2,0.25,0.3,0.35,0.35,0.4,0.45,0.5,0.55,0.6,0.6",
    "batch": "0.05,0.1,0.01,0.99",
}
ON_KINK = {"activation": "relu", "weights": "0.5,-1,1,1,-0.5,0,1,-1,0"}


def show_result(found: Answer) -> None:
    """What one step does to the loss, in words chosen by the two numbers."""
    before, after = found.about["update"]["before"], found.about["update"]["after"]
    if after is None:
        key = "result_flies"
    elif after == before:
        key = "result_stays"
    else:
        key = "result_falls" if after < before else "result_rises"
    was, now = told_apart(before, before if after is None else after)
    st.markdown(label(STEM, key, rate=brief(float(values["rate"])), before=was, after=now))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "worked": FIRST | MAZUR,
        "sigmoid": FIRST | {"activation": "sigmoid"},
        "relu": FIRST | {"activation": "relu"},
        "kink": FIRST | ON_KINK,
        "far": FIRST | {"rate": 20},
        "probability": FIRST | {"loss": "cross_entropy"},
        "large": FIRST | {"inputs": 4, "hidden": 6, "outputs": 3},
    },
)
values = stage(STEM, CONTROLS, source=STEM, height_px=1000)
when_answered(STEM, values, show_result)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.neurons.small_net:forward",
    "engine.neurons.backprop:backward",
    "engine.neurons.influence:paths_between",
    "engine.neurons.gradient_check:by_differences",
    "engine.neurons.descent:descend",
)
