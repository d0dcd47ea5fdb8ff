"""What is where, asked once of every cell of a grid: a coverage map and four distances.

Main control: threshold, the coverage from which on a cell proposes its box. Below, the same net is
trained from the beginning, and the trained one further at two learning rates.
Sources: Tao, Barker, Sarathy 2016 (DetectNet); Lin et al. 2017 (focal loss).
"""

import streamlit as st

from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "detectnet"
SCENE = [
    Slider("threshold", 0.05, 0.95, default=0.5, step=0.05),
    Slider("scene", 1, 12, default=2),
    Choice("merge", ["nms", "cluster", "none"], default="nms"),
    Choice("shown", ["all", "circle", "square", "triangle"], default="all"),
    Hidden("cell", r"(\d{1,2},\d{1,2})?"),
]
TRAINING = [
    Slider("epoch", 0, 30, default=30),
    Slider("cut", 0.05, 0.95, default=0.3, step=0.05),
    Slider("box_weight", 0, 4, default=1, step=0.25),
    Choice("coverage_loss", ["l2", "focal"], default="l2"),
    Slider("learning_rate", 1e-5, 0.1, default=0.003, step=1e-5, log=True),
    Slider("epochs", 1, 30, default=12),
]
RETRAINING = [
    Slider("after", 0, 8, default=8),
    Slider("least", 0.05, 0.95, default=0.3, step=0.05),
    Slider("low", 1e-5, 0.1, default=1e-4, step=1e-5, log=True),
    Slider("high", 1e-5, 0.1, default=0.02, step=1e-5, log=True),
]
FIRST = {"threshold": 0.5, "merge": "nms", "shown": "all", "cell": ""}


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
stage(STEM, SCENE, source="detectnet")
try_this(
    STEM,
    {
        "cells": FIRST | {"merge": "none", "threshold": 0.2},
        "cluster": FIRST | {"merge": "cluster"},
        "faint": FIRST | {"threshold": 0.05},
        "strict": FIRST | {"threshold": 0.95},
    },
)
part("training")
stage(
    STEM,
    TRAINING,
    source="detectnet/training",
    view="training",
    words=["comparison"],
)
try_this(
    STEM,
    {
        "no_boxes": {"box_weight": 0, "coverage_loss": "l2", "learning_rate": 0.003},
        "focal": {"box_weight": 1, "coverage_loss": "focal", "learning_rate": 0.003},
        "fast": {"box_weight": 1, "coverage_loss": "l2", "learning_rate": 0.1},
    },
    view="training",
)
predict_then_see(STEM)
part("retraining")
stage(
    STEM,
    RETRAINING,
    source="detectnet/retraining",
    view="training",
    key="detectnet_retraining",
    words=["comparison"],
)
read_more(STEM)
show_code(
    "engine.detection.detectnet.targets:encode",
    "engine.detection.detectnet.losses:grid_losses",
    "engine.detection.detectnet.losses:coverage_focal",
    "engine.detection.detectnet.decoding:decode",
    "engine.trainable.detect_net:DetectNet",
)
