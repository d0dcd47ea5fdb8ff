"""What is where, asked once of every cell of a grid: a coverage map and four distances.

Main control: threshold, the coverage from which on a cell proposes its box. Below, the same net is
trained from the beginning, and the trained one further at two learning rates.
Sources: Tao, Barker, Sarathy 2016 (DetectNet); Lin et al. 2017 (focal loss).
"""

import streamlit as st

from engine.serving.detectnet.contract import Question, RetrainingQuestion, TrainingQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "detectnet"
SCENE = controls_of(Question)
TRAINING = controls_of(TrainingQuestion)
FIRST, TRAINED = first_state(SCENE), first_state(TRAINING)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "cells": FIRST | {"merge": "none", "threshold": 0.2},
        "cluster": FIRST | {"merge": "cluster"},
        "faint": FIRST | {"threshold": 0.05},
        "strict": FIRST | {"threshold": 0.95},
    },
)
stage(STEM, SCENE, source="detectnet", height_px=700)
part("training")
try_this(
    STEM,
    {
        "no_boxes": TRAINED | {"box_weight": 0},
        "focal": TRAINED | {"coverage_loss": "focal"},
        "fast": TRAINED | {"learning_rate": 0.1},
    },
    view="training",
)
stage(
    STEM,
    TRAINING,
    source="detectnet/training",
    view="training",
    words=["comparison"],
    height_px=660,
)
predict_then_see(STEM)
part("retraining")
stage(
    STEM,
    controls_of(RetrainingQuestion),
    source="detectnet/retraining",
    view="training",
    key="detectnet_retraining",
    words=["comparison"],
    height_px=840,
)
read_more(STEM)
show_code(
    "engine.detection.detectnet.targets:encode",
    "engine.detection.detectnet.losses:grid_losses",
    "engine.detection.detectnet.losses:coverage_focal",
    "engine.detection.detectnet.decoding:decode",
    "engine.trainable.detect_net:DetectNet",
)
