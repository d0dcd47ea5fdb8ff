"""The encoder shrinks, the decoder grows: six ways back to one answer for every pixel.

Main control: decoder, from FCN-32 to U-Net. All six read the same maps of one encoder and are asked
once for each scene. Below: their IoU by distance from a boundary, and two growing layers opened.
Sources: Long, Shelhamer, Darrell 2015 (FCN); Noh, Hong, Han 2015; Zeiler, Fergus 2014 (unpooling);
Ronneberger et al. 2015 (U-Net); Odena, Dumoulin, Olah 2016 (checkerboard).
"""

import streamlit as st

from engine.serving.upsampling.contract import DistanceQuestion, LayersQuestion, Question
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "upsampling"
WORDS = ["segmentation_types"]  # the classes' names
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)
LAYERS = controls_of(LayersQuestion, "kernel", "stride", "halving")


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "coarse": FIRST,
        "skips": FIRST | {"decoder": 3},
        "unet": FIRST | {"decoder": 6},
        "hard": FIRST | {"decoder": 6, "difficulty": 1, "things": 10},
    },
)
values = stage(STEM, CONTROLS, source="upsampling", words=WORDS)
predict_then_see(STEM)
part("distance")
drawn = {name: values[name] for name in ("things", "difficulty")}
stage(
    STEM,
    controls_of(DistanceQuestion, "measure"),
    source="upsampling/distance",
    fixed=drawn,
    view="distance",
)
part("layers")
try_this(
    STEM,
    {
        "uneven": first_state(LAYERS),
        "even": first_state(LAYERS) | {"kernel": 4},
        "holes": first_state(LAYERS) | {"kernel": 2, "stride": 4},
    },
    view="layers",
)
stage(
    STEM,
    LAYERS,
    source="upsampling/layers",
    fixed=drawn | {"scene": values["scene"]},
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
