"""Must every window be computed by itself? A dense layer is a convolution; one pass does.

Main control: stride, in quarters of the net's own. All strides are looked up in the finest grid,
which is computed once from crops and once from passes over the whole picture.
Sources: LeCun et al. 1998, section VII; Sermanet et al. 2014 (OverFeat); Long, Shelhamer, Darrell
2015 (FCN).
"""

import streamlit as st

from engine.serving.sweeps import BATCH, GROUPS, GUESS, SHAPES
from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "fully_convolutional"
SOURCE = "fully-convolutional"
FIRST = {
    "stride": 4, "target": "square", "padding": "none", "upsample": "nearest", "cell": "",
}  # fmt: skip


def controls() -> list[Slider | Choice | Hidden]:
    """What can be moved; the targets stand under the network that knows them."""
    photo, drawn = label(STEM, "group_photo"), label(STEM, "group_drawn")
    headings = dict.fromkeys(SHAPES, drawn) | dict.fromkeys([GUESS, *GROUPS], photo)
    return [
        Slider("stride", 1, 8, default=4),
        Choice("target", [*SHAPES, GUESS, *GROUPS], "square", groups=headings),
        Choice("padding", ["none", "zeros"], default="none"),
        Choice("upsample", ["nearest", "bilinear", "transposed"], default="nearest"),
        Slider("opacity", 0, 100, default=70, unit="%"),
        Hidden("cell", r"(\d{1,3},\d{1,3})?"),
    ]


open_page(STEM)
picture = {"picture": current_picture().ref}
values = stage(STEM, controls(), source=SOURCE, fixed=picture, words=["sliding_window"])
try_this(
    STEM,
    {
        "shifted": FIRST | {"stride": 1},
        "padded": FIRST | {"padding": "zeros"},
        "transposed": FIRST | {"stride": 8, "upsample": "transposed"},
        "bilinear": FIRST | {"stride": 8, "upsample": "bilinear"},
        "photo": FIRST | {"target": GUESS},
    },
)
predict_then_see(STEM)
st.subheader(prose(STEM, "weights_heading"), anchor=False)
st.markdown(prose(STEM, "weights"))
stage(
    STEM,
    [Hidden("weight", r"\d{0,4}")],
    source=f"{SOURCE}/weights",
    fixed=picture | {name: values[name] for name in ("target", "padding")},
    view="weights",
    words=["sliding_window"],
)
read_more(STEM, batch=BATCH)
show_code(
    "engine.detection.dense_to_conv:to_convolutional",
    "engine.detection.dense_to_conv:sweep_picture",
    "engine.detection.upsampling:upsample",
    "engine.detection.upsampling:bilinear_kernel",
)
