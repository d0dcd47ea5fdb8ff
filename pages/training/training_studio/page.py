"""What does a network do while it learns? Choose pictures, a network and a rule, and watch.

Main control: epochs, how long it may learn; then the learning rate, by which most trainings fail.
Sources: NVIDIA DIGITS (the workflow), CNN Explainer (the whole network on one screen).
"""

from functools import partial

import streamlit as st

from engine.serving.training_studio.contract import (
    CLASSIFIER,
    DATA_SETS,
    SEGMENTER,
    Question,
    RunsQuestion,
)
from pages.training.training_studio.differences import show_differences
from pages.training.training_studio.opened import has_begun, open_run
from pages.ui.controls import Options, controls_of
from pages.ui.own_set_picker import choose_own_set, own_set
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import set_stage, stage
from pages.ui.words import prose

STEM = "training_studio"
TRIED = {"segmenter": SEGMENTER, "classifier": CLASSIFIER}


def show_new_run(started: str) -> None:
    """A run that was begun just now comes first among those that are laid over one another."""
    seen = st.session_state.get("studio_started")
    st.session_state.studio_started = started
    if started and seen is not None and started != seen:
        others = str(st.session_state.training_studio_runs_state["values"].get("names", "")).split(
            ","
        )
        kept = [name for name in others if name and name != started][:4]
        set_stage("training_studio_runs", names=",".join([started, *kept]))


open_page(STEM)
own = own_set()
offered = [*DATA_SETS, "own"] if own else DATA_SETS
try_this(STEM, TRIED)
chosen = stage(
    STEM,
    controls_of(Question, options={"data": Options(offered)}),
    source="training-studio",
    fixed={"own_data": own},
    words=["comparison"],
)
choose_own_set(own)
st.subheader(prose(STEM, "runs_title"), anchor=False)
st.session_state.setdefault(
    "training_studio_runs_state", {"values": {}, "revision": 0, "opened": False}
)
show_new_run(str(chosen["started"]))
laid_over = controls_of(RunsQuestion)
names = stage(STEM, laid_over, source="", view="runs", words=["comparison"])["names"]
if names:
    show_differences(str(names))
    first = str(names).split(",")[0]
    show = partial(open_run, own=own)
    when_answered(f"runs/{first}/outline", {}, show, say_refusal=st.info, is_there=has_begun)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.train.loop:train", "engine.train.loop:Training.update", "engine.runs.recording:record"
)
