"""The encoder shrinks, the decoder grows: six ways back to one answer for every pixel.

Main control: decoder, from FCN-32 to U-Net. All six read the same maps of one encoder and are asked
once for each scene. Below: their IoU by distance from a boundary, and two growing layers opened.
Sources: Long, Shelhamer, Darrell 2015 (FCN); Noh, Hong, Han 2015; Zeiler, Fergus 2014 (unpooling);
Ronneberger et al. 2015 (U-Net); Odena, Dumoulin, Olah 2016 (checkerboard).
"""

import streamlit as st

from engine.serving.panoptic_scenes import MOST_THINGS, SHOWN_SCENES
from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "upsampling"
WORDS = ["segmentation_types"]  # the classes' names
FIRST = {
    "decoder": 1, "zoom": 4, "pixel": "", "scene": 11, "things": 6, "difficulty": 0.3,
}  # fmt: skip


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
values = stage(
    STEM,
    [
        Slider("decoder", 1, 6, default=1),
        Slider("zoom", 1, 8, default=4, unit="×"),
        Slider("scene", 1, SHOWN_SCENES, default=11),
        Slider("things", 0, MOST_THINGS, default=6),
        Slider("difficulty", 0, 1, default=0.3, step=0.1),
        Hidden("pixel", r"(\d{1,2},\d{1,2})?"),
    ],
    source="upsampling",
    words=WORDS,
)
try_this(
    STEM,
    {
        "coarse": FIRST,
        "skips": FIRST | {"decoder": 3},
        "unet": FIRST | {"decoder": 6},
        "hard": FIRST | {"decoder": 6, "difficulty": 1, "things": 10},
    },
)
predict_then_see(STEM)
part("distance")
drawn = {name: values[name] for name in ("things", "difficulty")}
stage(
    STEM,
    [Choice("measure", ["iou", "right"], default="iou")],
    source="upsampling/distance",
    fixed=drawn,
    view="distance",
)
part("layers")
stage(
    STEM,
    [
        Slider("kernel", 1, 8, default=3, unit="px"),
        Slider("stride", 1, 4, default=2, unit="px"),
        Slider("halving", 1, 5, default=2),
    ],
    source="upsampling/layers",
    fixed=drawn | {"scene": values["scene"]},
    view="layers",
)
try_this(
    STEM,
    {
        "uneven": {"kernel": 3, "stride": 2, "halving": 2},
        "even": {"kernel": 4, "stride": 2, "halving": 2},
        "holes": {"kernel": 2, "stride": 4, "halving": 2},
    },
    view="layers",
)
read_more(STEM)
show_code(
    "engine.segment.upsampling_net:UpsamplingNet",
    "engine.segment.growing:transposed_conv2d",
    "engine.segment.growing:meetings",
    "engine.segment.growing:unpool",
    "engine.segment.boundary:confusion_by_distance",
)
