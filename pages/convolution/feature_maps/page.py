"""A feature map is what one filter answers everywhere; deeper maps are smaller and see more.

Main control: layer, how far down the network to look.
Sources: Zeiler and Fergus 2014 (feature maps and the patches that excite them), Araujo et al. 2019
(receptive fields).
"""

import streamlit as st

from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.engine import Answer
from pages.ui.offered import chosen_before, list_all, names_of
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

DEFAULT = "mobilenet_v2"
CHANNEL = r"([a-z0-9_]{1,40}:\d{1,2}:\d{1,5})?"


def choose_among_networks() -> Choice:
    """The networks whose weights are on the engine's computer."""
    found = {name: each for name, each in list_all("classifiers").items() if each.missing is None}
    names = names_of(found, chosen_before("feature_maps", "model"), DEFAULT)
    titles = {name: each.title for name, each in found.items()}
    return Choice("model", names, default=DEFAULT, titles=titles)


def show_result(found: Answer) -> None:
    """What the layer has made of the picture, in words."""
    st.markdown(label("feature_maps", "result", **found.about))


open_page("feature_maps")
try_this(
    "feature_maps",
    {
        "edges": {"layer": 1, "channel": "", "part": 1},
        "parts": {"layer": 14, "channel": "", "part": 1},
        "deepest": {"layer": 19, "channel": "", "part": 1},
        "one_scale": {"scope": "layer"},
    },
)
chosen = stage(
    "feature_maps",
    [
        Slider("layer", 1, 24, default=4),
        Slider("opacity", 0, 100, default=80, step=5, unit="%"),
        Choice("scope", ["local", "layer", "global"], default="local"),
        Slider("part", 1, 100, default=1),
        choose_among_networks(),
        Hidden("channel", pattern=CHANNEL),
    ],
    source="feature-maps",
    fixed={"picture": current_picture().ref},
)
followed = {"picture": current_picture().ref}
followed |= {name: chosen[name] for name in ("model", "layer", "channel")}
when_answered("feature-maps/summary", followed, show_result)
st.subheader(label("feature_maps", "surgery"), anchor=False)
st.markdown(prose("feature_maps", "surgery"))
try_this(
    "feature_maps",
    {
        "silence": {"factor": 0, "operated": 1},
        "silence_many": {"factor": 0, "operated": 16},
        "invert": {"factor": -1, "operated": 1},
    },
    view="surgery",
)
stage(
    "feature_maps",
    [Slider("factor", -2, 2, default=0, step=0.1), Slider("operated", 1, 16, default=1)],
    source="feature-maps/surgery",
    fixed=followed,
    view="surgery",
)
st.subheader(label("feature_maps", "pooling"), anchor=False)
st.markdown(prose("feature_maps", "pooling"))
stage(
    "feature_maps",
    [
        Slider("shift", 0, 16, default=1, unit="px"),
        Slider("window", 1, 8, default=2),
        Choice("kind", ["max", "avg"], default="max"),
    ],
    source="feature-maps/pooling",
    fixed=followed,
    view="pooling",
)
predict_then_see("feature_maps")
read_more("feature_maps")
show_code(
    "engine.nets.features:channel_strength",
    "engine.nets.features:colour_range",
    "engine.nets.receptive:field_of_cell",
    "engine.nets.patches:top_patches",
    "engine.nets.surgery:operate",
    "engine.convolution.pooling:pool2d",
)
