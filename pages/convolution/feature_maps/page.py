"""A feature map is what one filter answers everywhere; deeper maps are smaller and see more.

Main control: layer, how far down the network to look.
Sources: Zeiler and Fergus 2014 (feature maps and the patches that excite them), Araujo et al. 2019
(receptive fields).
"""

import streamlit as st

from engine.serving.classify.contract import CLASSIFIER
from engine.serving.feature_maps.contract import PoolingQuestion, Question, SurgeryQuestion
from pages.ui.controls import Options, controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.offered import chosen_before, list_all, names_of
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

SURGERY = controls_of(SurgeryQuestion, "factor", "operated")
POOLING = controls_of(PoolingQuestion, "shift", "window", "kind")


def networks() -> Options:
    """The networks whose weights are on the engine's computer."""
    found = {name: each for name, each in list_all("classifiers").items() if each.missing is None}
    names = names_of(found, chosen_before("feature_maps", "model"), CLASSIFIER)
    return Options(names, {name: each.title for name, each in found.items()})


def show_result(found: Answer) -> None:
    """What the layer has made of the picture, in words."""
    st.markdown(label("feature_maps", "result", **found.about))
    st.markdown(label("feature_maps", f"result_{found['level']}", name=found["name"]))


open_page("feature_maps")
shown = ("layer", "opacity", "scope", "part", "model", "channel")
controls = controls_of(Question, *shown, options={"model": networks()})
FIRST = first_state(controls)
try_this(
    "feature_maps",
    {
        "edges": FIRST | {"layer": 1},
        "parts": FIRST | {"layer": 14},
        "deepest": FIRST | {"layer": 19},
        "one_scale": FIRST | {"scope": "layer"},
    },
)
picture = {"picture": current_picture().ref}
chosen = stage("feature_maps", controls, source="feature-maps", fixed=picture)
followed = picture | {name: chosen[name] for name in ("model", "layer", "channel")}
when_answered("feature-maps/summary", followed, show_result)
st.subheader(label("feature_maps", "surgery"), anchor=False)
st.markdown(prose("feature_maps", "surgery"))
try_this(
    "feature_maps",
    {
        "silence": first_state(SURGERY),
        "silence_many": first_state(SURGERY) | {"operated": 16},
        "invert": first_state(SURGERY) | {"factor": -1},
    },
    view="surgery",
)
stage(
    "feature_maps",
    SURGERY,
    source="feature-maps/surgery",
    fixed=followed,
    view="surgery",
)
st.subheader(label("feature_maps", "pooling"), anchor=False)
st.markdown(prose("feature_maps", "pooling"))
stage(
    "feature_maps",
    POOLING,
    source="feature-maps/pooling",
    fixed=followed,
    view="pooling",
)
predict_then_see("feature_maps")
read_more("feature_maps")
show_code(
    "engine.nets.features:channel_selectivity",
    "engine.nets.features:colour_range",
    "engine.nets.receptive:field_of_cell",
    "engine.nets.patches:top_patches",
    "engine.nets.surgery:operate",
    "engine.convolution.pooling:pool2d",
)
