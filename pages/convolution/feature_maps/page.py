"""A feature map is what one filter answers everywhere; deeper maps are smaller and see more.

Main control: layer, how far down the network to look.
Sources: Zeiler and Fergus 2014 (feature maps and the patches that excite them), Araujo et al. 2019
(receptive fields).
"""

import streamlit as st

from engine.errors import InputError
from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, language, prose

DEFAULT = "mobilenet_v2"
CHANNEL = r"([a-z0-9_]{1,40}:\d{1,2}:\d{1,5})?"


def choose_among_networks() -> Choice:
    """The networks whose weights are on this computer."""
    from engine.nets.catalog import at_hand, list_classifiers

    titles = {c.name: c.title for c in list_classifiers() if at_hand(c.name)}
    return Choice("model", list(titles) or [DEFAULT], default=DEFAULT, titles=titles)


def show_result(values: dict[str, Value]) -> None:
    """What the layer has made of the picture, in words."""
    from engine.serving.layer_maps import summarise

    found = summarise(current_picture(), str(values["model"]), int(values["layer"]))
    st.markdown(label("feature_maps", "result", **found))


open_page("feature_maps")
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
try_this(
    "feature_maps",
    {
        "edges": {"layer": 1, "channel": "", "part": 1},
        "parts": {"layer": 14, "channel": "", "part": 1},
        "deepest": {"layer": 19, "channel": "", "part": 1},
        "one_scale": {"scope": "layer"},
    },
)
try:
    show_result(chosen)
except InputError as error:
    st.error(error.sentence(language()))
followed = {"picture": current_picture().ref}
followed |= {name: chosen[name] for name in ("model", "layer", "channel")}
st.subheader(label("feature_maps", "surgery"), anchor=False)
st.markdown(prose("feature_maps", "surgery"))
stage(
    "feature_maps",
    [Slider("factor", -2, 2, default=0, step=0.1), Slider("operated", 1, 16, default=1)],
    source="feature-maps/surgery",
    fixed=followed,
    view="surgery",
)
try_this(
    "feature_maps",
    {
        "silence": {"factor": 0, "operated": 1},
        "silence_many": {"factor": 0, "operated": 16},
        "invert": {"factor": -1, "operated": 1},
    },
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
