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
from pages.ui.words import brief, label, prose

STEM = "vanishing_gradients"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
RELU = {"activation": "relu", "init": "he"}
VANISHED = 1e-3  # of the last layer's gradient
EXPLODED = 1e3
CLOSE = 100  # a product of many factors that comes as near as this has told the story


def foretold(measured: float, predicted: float, expected: float) -> str:
    """What the textbook's product has to say to this, chosen by how far off it is."""
    if measured == 0:
        key = "textbook_only"
    elif max(measured / predicted, predicted / measured) <= CLOSE:
        key = "textbook_right"
    elif values["norm"] != "none" or values["skip"]:
        key = "textbook_blind"
    else:
        key = "textbook_slopes"
    return label(STEM, key, predicted=brief(predicted), expected=brief(expected))


def show_result(found: Answer) -> None:
    """What becomes of the gradient on its way, in words chosen by the numbers."""
    norms = found.arrays["norms"]
    first, last, most = float(norms[0]), float(norms[-1]), float(norms.max())
    ratios = {name: found.arrays[name] for name in ("norms", "textbook", "expected")}
    ratio, predicted, expected = (float(each[0] / each[-1]) for each in ratios.values())
    if first == 0:
        key = "result_zero"
    elif most > EXPLODED:
        key = "result_explodes"
    else:
        key = "result_vanishes" if ratio < VANISHED else "result_holds"
    numbers = {"first": first, "last": last, "most": most, "ratio": ratio}
    words = {name: brief(number) for name, number in numbers.items()}
    textbook = foretold(ratio, predicted, expected)
    st.markdown(label(STEM, key, depth=len(norms), textbook=textbook, **words))


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
