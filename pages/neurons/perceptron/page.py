"""What can one neuron learn, and what never?

Main control: step, how far Rosenblatt's rule has come, point by point.
Sources: McCulloch and Pitts 1943 (threshold unit); Rosenblatt 1958 (the rule); Novikoff 1962 (it
ends); Minsky and Papert 1969 (what one cannot do); Rumelhart, Hinton and Williams 1986 (hidden
units that learn).
"""

import streamlit as st

from engine.serving.perceptron.contract import (
    AND,
    CLOUDS,
    MOST_STEPS,
    OR,
    RING,
    XOR,
    DigitQuestion,
    HiddenQuestion,
    Question,
)
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "perceptron"
RULE, HIDDEN, DIGIT = (controls_of(each) for each in (Question, HiddenQuestion, DigitQuestion))
BEFORE_LAST = MOST_STEPS - 1  # of XOR: at the end of each epoch all weights are 0 again
FIRST, LAYER, TEN = first_state(RULE), first_state(HIDDEN), first_state(DIGIT)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


def show_result(found: Answer) -> None:
    """Whether the rule ends, in words chosen by what it did and by whether a line exists."""
    about = found.about
    if about["settled"]:
        key = "result_learnt"
    elif about["separable"]:
        key = "result_not_yet"
    else:
        key = "result_circle" if about["circle"] else "result_never"
    first, again = about["circle"] or (0, 0)
    numbers = {"steps": about["steps"], "moves": about["moves"]}
    st.markdown(label(STEM, key, first=first, again=again, **numbers))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "and": FIRST | {"points": AND},
        "or": FIRST | {"points": OR},
        "xor": FIRST | {"points": XOR, "step": BEFORE_LAST},
        "clouds": FIRST | {"points": CLOUDS},
        "ring": FIRST | {"points": RING},
    },
)
values = stage(STEM, RULE, source="perceptron", height_px=760)
when_answered("perceptron", values, show_result)
predict_then_see(STEM)
part("hidden")
try_this(
    STEM,
    {
        "one": LAYER | {"units": 1},
        "two": LAYER,
        "begin": LAYER | {"moment": 0},
        "round": LAYER | {"task": "ring", "units": 3},
        "flat": LAYER | {"activation": "threshold"},
    },
    view="hidden",
)
stage(
    STEM,
    HIDDEN,
    source="perceptron/hidden",
    fixed={"points": values["points"]},
    view="hidden",
    height_px=760,
)
part("digit")
try_this(
    STEM,
    {
        "untaught": TEN | {"passes": 0},
        "once": TEN | {"passes": 1},
        "eight": TEN | {"digit": "8"},
        "empty": TEN | {"drawing": "0" * 64},
    },
    view="digit",
)
stage(STEM, DIGIT, source="perceptron/digit", view="digit", height_px=620)
read_more(STEM)
show_code(
    "engine.neurons.perceptron:perceptron_rule",
    "engine.neurons.perceptron:separating_direction",
    "engine.neurons.units:threshold",
    "engine.neurons.hidden_layer:loss_and_gradient",
    "engine.neurons.hidden_layer:train_hidden",
    "engine.neurons.digit_neurons:teach_digits",
)
