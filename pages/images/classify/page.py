"""What is it, and which pixels made the network say so? And may the answer be believed?

Main control: opacity, the map of blame over the picture.
Sources: Selvaraju et al. 2017 (Grad-CAM), Sundararajan et al. 2017 (integrated gradients), Zeiler
and Fergus 2014 (occlusion), Petsiuk et al. 2018 (deletion).
"""

from math import exp

import streamlit as st

from engine.serving.classify.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.network_choice import choose_network
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import brief, label, prose

CONTROLS = controls_of(Question, "opacity", "method", "removed", "rank")
FIRST = first_state(CONTROLS)
DOUBTFUL = 0.2  # below it the first guess is one among many


def show_result(seen: Answer) -> None:
    """The answer in words."""
    best, second = seen["labels"]
    told = {"title": seen["title"], "name": best["name"], "percent": f"{100 * best['prob']:.1f}"}
    st.markdown(label("classify", "result", **told, ms=f"{seen['ms']:.0f}"))
    if best["prob"] < DOUBTFUL:
        st.markdown(label("classify", "doubt", **told))
    (logit, runner_up), log_sum = seen["logits"], seen["log_sum"]
    numbers = {
        "logit": f"{logit:.2f}",
        "log_sum": f"{log_sum:.2f}",
        "less": f"{log_sum - logit:.2f}",
        "second": second["name"],
        "second_logit": f"{runner_up:.2f}",
        "second_percent": f"{100 * second['prob']:.1f}",
        "difference": f"{logit - runner_up:.2f}",
        "times": brief(exp(logit - runner_up)),
        "acc1": f"{seen['acc1_percent']:.1f}",
        "acc5": f"{seen['acc5_percent']:.1f}",
    }
    with st.expander(label("classify", "softmax_title", **told)):
        st.markdown(prose("classify", "softmax", **told, **numbers))


open_page("classify")
network = choose_network()
try_this(
    "classify",
    {
        "second": FIRST | {"rank": "2"},
        "blank": FIRST | {"removed": 30},
        "occlusion": FIRST | {"method": "occlusion"},
    },
)
stage(
    "classify",
    CONTROLS,
    source="classify/why",
    fixed={"picture": current_picture().ref, "model": network},
)
asked = {"picture": current_picture().ref, "model": network, "top": 2}
when_answered("classify/labels", asked, show_result)
predict_then_see("classify")
read_more("classify")
show_code(
    "engine.nets.classify:classify",
    "engine.explain.grad_cam:grad_cam",
    "engine.explain.deletion:deletion_curve",
)
