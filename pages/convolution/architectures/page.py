"""What did each great network change, and which one should I take?

Main control: along, how far in both networks are opened.
Sources: Simonyan and Zisserman 2015 (VGG); Szegedy et al. 2015, 2016, 2017 (Inception v1, v3,
Inception-ResNet); He et al. 2016 (ResNet); Chollet 2017 (Xception); Radosavovic et al. 2020
(activations); torchvision's published weights.
"""

import streamlit as st

from engine.serving.architectures.contract import ChartQuestion, Question, SkipsQuestion
from pages.convolution.architectures.said import (
    SOURCE,
    STEM,
    offered,
    show_pair,
    show_picks,
    show_skips,
)
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

CHARTED, SKIPPED = controls_of(ChartQuestion), controls_of(SkipsQuestion)
VGG = {"first": "vgg16", "second": "resnet50", "measure": "params", "along": 71}
CHART, SKIPS = first_state(CHARTED), first_state(SKIPPED)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM, uses_picture=False)
moved = controls_of(Question, options=offered())
first = first_state(moved)
try_this(
    STEM,
    {
        "dense": first | VGG,
        "branches": first | {"first": "googlenet", "second": "inception_resnet_v2"},
        "deep": first | {"first": "resnet18", "second": "resnet152"},
        "phone": first | {"first": "mobilenet_v2", "second": "mobilenet_v3_large"},
    },
)
values = stage(STEM, moved, source=SOURCE, height_px=720)
when_answered(SOURCE, values, show_pair)
predict_then_see(STEM)
part("chart")
try_this(
    STEM,
    {
        "params": CHART | {"x": "params"},
        "activations": CHART | {"x": "macs", "y": "activations"},
        "timed": CHART | {"x": "one_ms"},
        "years": CHART | {"x": "year"},
    },
    view="chart",
)
charted = stage(STEM, CHARTED, source=f"{SOURCE}/chart", view="chart", height_px=440)
when_answered(f"{SOURCE}/chart", charted, show_picks)
part("skips")
try_this(
    STEM,
    {
        "batch": SKIPS | {"norm": "batch"},
        "he": SKIPS | {"init": "he"},
        "shallow": SKIPS | {"layers": 4},
    },
    view="skips",
)
skipped = stage(STEM, SKIPPED, source=f"{SOURCE}/skips", view="skips", height_px=320)
when_answered(f"{SOURCE}/skips", skipped, show_skips)
read_more(STEM)
show_code(
    "engine.nets.xception:SeparableConv",
    "engine.nets.xception:XceptionBlock",
    "engine.nets.xception:Xception",
    "engine.nets.inception_resnet:ResidualInception",
    "engine.nets.blocks:read_blocks",
    "engine.nets.opened:open_block",
    "engine.nets.architectures:count",
    "engine.nets.pace:measure_pace",
)
