"""What belongs to the run that is looked at."""

import streamlit as st

from engine.serving.runs.contract import EpochQuestion
from pages.ui.controls import Value, controls_of
from pages.ui.engine import Answer
from pages.ui.open_network.panel import show_network
from pages.ui.picture_picker import current_picture
from pages.ui.stage import set_stage, stage
from pages.ui.words import prose

STEM = "training_studio"
EPOCH = f"{STEM}_epoch"


def has_begun(run: Answer) -> bool:
    """Whether there is a network to look at; a run that waits has none yet."""
    return run["is_ready"]


def open_run(run: Answer, own: str) -> None:
    """Everything that belongs to one run: an epoch's end, the learner's pictures, the whole net.

    Args:
        run: its outline.
        own: token of the learner's own pictures, "" where there are none.
    """
    name, epochs = run["name"], run["epochs"]
    if st.session_state.get("studio_looked_at", name) != name:
        set_stage(EPOCH, follow=True)  # an epoch that was chosen belonged to the other run
    st.session_state.studio_looked_at = name
    st.subheader(prose(STEM, "epoch_title"), anchor=False)
    st.markdown(prose(STEM, "epoch_masks" if run["is_segmenter"] else "epoch", name=name))
    shown = stage(
        STEM,
        controls_of(
            EpochQuestion,
            ends={"ended_epoch": (1, max(2, epochs))},
            defaults={"ended_epoch": 1, "follow": True},
        ),
        source=f"runs/{name}/epoch",
        view="epoch",
    )
    st.subheader(prose(STEM, "classify_title"), anchor=False)
    st.markdown(prose(STEM, "classify_masks" if run["is_segmenter"] else "classify"))
    epoch = 0 if shown["follow"] else shown["ended_epoch"]
    fixed = {"picture": current_picture().ref, "epoch": epoch}
    stage(STEM, [], source=f"runs/{name}/classify", fixed=fixed, view="classify", height_px=320)
    if run["is_segmenter"]:
        return
    _show_many(name, epoch, own)
    st.subheader(prose(STEM, "network_title"), anchor=False)
    st.markdown(prose(STEM, "network"))
    show_network(name, epochs, run["created_ms"], page=STEM)


def _show_many(name: str, epoch: Value, own: str) -> None:
    st.subheader(prose(STEM, "many_title"), anchor=False)
    st.markdown(prose(STEM, "many" if own else "many_none"))
    if own:
        many = {"own_data": own, "epoch": epoch}
        stage(STEM, [], source=f"runs/{name}/many", fixed=many, view="many", height_px=400)
