"""What does a network do while it learns? Choose pictures, a network and a rule, and watch.

Main control: epochs, how long it may learn; then the learning rate, by which most trainings fail.
Sources: NVIDIA DIGITS (the workflow), CNN Explainer (the whole network on one screen).
"""

import streamlit as st

from engine.train.settings import (
    ACTIVATIONS,
    AUGMENTATIONS,
    INITS,
    LOSSES,
    MASK_LOSSES,
    MASKED_SCENES,
    NETS,
    NORMS,
    OPTIMISERS,
    SCHEDULES,
    SEGMENTERS,
)
from pages.ui.controls import Choice, Control, Hidden, Slider, Toggle
from pages.ui.engine import Answer
from pages.ui.open_network.panel import show_network
from pages.ui.own_set_picker import choose_own_set
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import set_stage, stage
from pages.ui.words import prose

STEM = "training_studio"
NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
DATA = ["shapes32", "digits", "faces", "mnist", "fashion_mnist", "cifar10", MASKED_SCENES]
BACKBONES = ["mobilenet_v2", "mobilenet_v3_small", "squeezenet1_1", "resnet18", "efficientnet_b0"]
CONTROLS: list[Control] = [
    Choice("net", [*NETS, *SEGMENTERS], default="small_vgg"),
    Slider("learning_rate", 1e-5, 1, default=0.003, step=1e-5, log=True),
    Slider("epochs", 1, 60, default=6),
    Slider("per_class", 0, 2000, default=0, step=25, group="data"),
    Slider("label_noise", 0, 0.9, default=0, step=0.05, group="data"),
    Slider("imbalance", 1, 50, default=1, group="data"),
    Slider("mask_scenes", 20, 1000, default=300, step=20, group="data"),
    Slider("depth", 1, 12, default=1, group="net"),
    Slider("width", 4, 128, default=16, step=4, group="net"),
    Choice("activation", list(ACTIVATIONS), default="relu", group="net"),
    Choice("init", list(INITS), default="pytorch", group="net"),
    Choice("norm", list(NORMS), default="batch", group="net"),
    Toggle("skip", group="net"),
    Slider("dropout", 0, 0.9, default=0, step=0.05, group="net"),
    Choice("backbone", BACKBONES, "mobilenet_v2", {b: b for b in BACKBONES}, group="net"),
    Slider("frozen_blocks", 0, 20, default=0, group="net"),
    Choice("optimiser", list(OPTIMISERS), default="adamw", group="train"),
    Slider("batch_size", 2, 512, default=64, step=2, log=True, group="train"),
    Choice("schedule", list(SCHEDULES), default="one_cycle", group="train"),
    Slider("warmup_steps", 0, 500, default=0, step=10, group="train"),
    Slider("momentum", 0, 0.99, default=0.9, step=0.01, group="train"),
    Slider("weight_decay", 0, 0.5, default=0, step=0.005, group="train"),
    Choice("loss", list(LOSSES), default="cross_entropy", group="train"),
    Choice("mask_loss", list(MASK_LOSSES), default="hardest", group="train"),
    Choice("augment", ["none", "flip_crop", *AUGMENTATIONS], default="none", group="train"),
    Slider("patience", 0, 20, default=0, group="train"),
    Toggle("shuffle", default=True, group="train"),
    Slider("seed", 0, 99, default=0, group="train"),
    Hidden("started", NAME),
]
SEGMENTER = {"epochs": 10, "learning_rate": 0.01, "batch_size": 8, "width": 12}
CLASSIFIER = {"epochs": 6, "learning_rate": 0.003, "batch_size": 64, "width": 16}
TRIED = {
    "segmenter": {"data": MASKED_SCENES, "net": "unet", "augment": "none"} | SEGMENTER,
    "classifier": {"data": "shapes32", "net": "small_vgg", "norm": "batch"} | CLASSIFIER,
}
RUNS = [Hidden("names", rf"{NAME}(,{NAME}){{0,4}}", max_length=600)]


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


def open_run(run: Answer) -> None:
    """Everything that belongs to one run: an epoch's end, the learner's picture, the whole net."""
    name, epochs = run["name"], run["epochs"]
    st.subheader(prose(STEM, "epoch_title"), anchor=False)
    st.markdown(prose(STEM, "epoch_masks" if run["is_segmenter"] else "epoch", name=name))
    stage(
        STEM,
        [Slider("ended_epoch", 1, max(2, epochs), default=1), Toggle("follow", default=True)],
        source=f"runs/{name}/epoch",
        view="epoch",
    )
    st.subheader(prose(STEM, "classify_title"), anchor=False)
    st.markdown(prose(STEM, "classify_masks" if run["is_segmenter"] else "classify"))
    picture = {"picture": current_picture().ref}
    stage(STEM, [], source=f"runs/{name}/classify", fixed=picture, view="classify")
    if run["is_segmenter"]:
        return
    st.subheader(prose(STEM, "network_title"), anchor=False)
    st.markdown(prose(STEM, "network"))
    show_network(name, epochs, run["created_ms"], page=STEM)


open_page(STEM)
above = st.container()
own = choose_own_set()
offered = [*DATA, "own"] if own else DATA
with above:
    chosen = stage(
        STEM,
        [Choice("data", offered, default="shapes32"), *CONTROLS],
        source="training-studio",
        fixed={"own_data": own},
    )
    try_this(STEM, TRIED)
st.subheader(prose(STEM, "runs_title"), anchor=False)
st.session_state.setdefault(
    "training_studio_runs_state", {"values": {}, "revision": 0, "opened": False}
)
show_new_run(str(chosen["started"]))
names = stage(STEM, RUNS, source="", view="runs", words=["comparison"])["names"]
if names:
    first = str(names).split(",")[0]
    when_answered(f"runs/{first}/outline", {}, open_run, say_refusal=st.info)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.train.loop:train", "engine.train.loop:Training.update", "engine.runs.recording:record"
)
