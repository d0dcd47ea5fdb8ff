"""Must every window be computed by itself? A dense layer is a convolution; one pass does.

Main control: stride, in quarters of the net's own. All strides are looked up in the finest grid,
which is computed once from crops and once from passes over the whole picture.
Sources: LeCun et al. 1998, section VII; Sermanet et al. 2014 (OverFeat); Long, Shelhamer, Darrell
2015 (FCN).
"""

import streamlit as st

from engine.serving.fully_convolutional.contract import GROUPS, SHAPES, Question, Weights
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "fully_convolutional"
SOURCE = "fully-convolutional"
ORDER = ("stride", "target", "padding", "upsample", "opacity", "cell")


def controls() -> list[Control]:
    """What can be moved; the targets stand under the network that knows them."""
    photo, drawn = label(STEM, "group_photo"), label(STEM, "group_drawn")
    groups = dict.fromkeys(SHAPES, drawn) | dict.fromkeys(("guess", *GROUPS), photo)
    return controls_of(Question, *ORDER, options={"target": Options((), groups=groups)})


open_page(STEM)
picture = {"picture": current_picture().ref}
moved = controls()
first = first_state(moved)
try_this(
    STEM,
    {
        "shifted": first | {"stride": 1},
        "padded": first | {"padding": "zeros"},
        "transposed": first | {"stride": 8, "upsample": "transposed"},
        "bilinear": first | {"stride": 8, "upsample": "bilinear"},
        "photo": first | {"target": "guess"},
    },
)
values = stage(STEM, moved, source=SOURCE, fixed=picture, words=["sliding_window"])
predict_then_see(STEM)
st.subheader(prose(STEM, "weights_heading"), anchor=False)
st.markdown(prose(STEM, "weights"))
stage(
    STEM,
    controls_of(Weights, "weight"),
    source=f"{SOURCE}/weights",
    fixed=picture | {name: values[name] for name in ("target", "padding")},
    view="weights",
    words=["sliding_window"],
)
read_more(STEM)
show_code(
    "engine.detection.dense_to_conv:to_convolutional",
    "engine.detection.dense_to_conv:sweep_picture",
    "engine.detection.upsampling:upsample",
    "engine.detection.upsampling:bilinear_kernel",
)
