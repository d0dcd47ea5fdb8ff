"""What does PyTorch remember of a computation, so that it can go back through it?

Main control: x, one of the two numbers that the expression is computed from.
Sources: Paszke et al. 2019 (PyTorch, eager execution); Abadi et al. 2016 (TensorFlow, the static
graph); Griewank and Walther 2008 (reverse mode); Sugiyama, Tagawa and Toda 1981 (the drawing).
"""

import streamlit as st

from engine.serving.computation_graph.contract import Question, TensorsQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import brief, label, prose

STEM, SOURCE = "computation_graph", "computation-graph"
SHOWN = ("x", "y", "program", "block", "expression", "run", "line", "node")
CONTROLS = controls_of(Question, *SHOWN)
FIRST = first_state(CONTROLS)
MUCH = 100_000  # bytes: from here on they are told in MiB
CHOICE = "x * x if x > y else x + y"


def show_result(found: Answer) -> None:
    """What was built, and what was left out, by the counts that the engine tells."""
    about = found.about
    st.markdown(label(STEM, "result", **about))
    kept = about["saved_bytes"]
    kind = "kept_much" if kept >= MUCH else "kept" if kept else "kept_nothing"
    st.markdown(label(STEM, f"result_{kind}", bytes=kept, mebibytes=brief(kept / 2**20)))
    if about["skipped"]:
        st.markdown(label(STEM, "result_skipped"))


open_page(STEM)
try_this(
    STEM,
    {
        "twice": FIRST | {"expression": "x * x + x"},
        "branch": FIRST | {"expression": CHOICE},
        "other_branch": FIRST | {"expression": CHOICE, "x": 2.5},
        "net": FIRST | {"program": "net"},
        "block": FIRST | {"program": "block"},
    },
)
picture = {"picture": current_picture().ref}
values = stage(STEM, CONTROLS, source=SOURCE, fixed=picture, height_px=420)
when_answered(SOURCE, picture | values, show_result)
predict_then_see(STEM)
st.subheader(label(STEM, "tensors"), anchor=False)
st.markdown(prose(STEM, "tensors"))
stage(
    STEM,
    controls_of(TensorsQuestion, "dims"),
    source=f"{SOURCE}/tensors",
    fixed=picture,
    view="tensors",
    height_px=300,
)
read_more(STEM)
show_code(
    "engine.graphs.expression:execute",
    "engine.graphs.autograd_graph:walk",
    "engine.graphs.autograd_graph:read_graph",
    "engine.graphs.recording:Recorder",
    "engine.graphs.programs:run_small_net",
    "engine.graphs.exported:export",
)
