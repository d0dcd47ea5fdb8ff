"""One scene, five readings: what classification, detection and three segmentations each can say.

Main control: opacity, how strongly the reading at hand lies over the picture. All five come from
one panoptic net, beside the truth, and the figures say which wrong pixel costs which of them.
Sources: Kirillov et al. 2019 (panoptic segmentation, PQ); Cheng et al. 2020 (the net).
"""

import streamlit as st

from engine.serving.segmentation_types.contract import PhotoQuestion, Question
from pages.ui.controls import Options, controls_of, first_state
from pages.ui.offered import chosen_before, list_all, names_of
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "segmentation_types"
NOT_FOR_PHOTOS = ("superpixels", "scenes")
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)


def cutters() -> Options:
    """The available segmenters whose segments are of a class."""
    found = {
        name: each
        for name, each in list_all("segmenters").items()
        if each.family not in NOT_FOR_PHOTOS and each.missing is None
    }
    names = names_of(found, chosen_before(f"{STEM}_photo", "cut_by"), PhotoQuestion().cut_by)
    return Options(names, {name: each.title for name, each in found.items()})


open_page(STEM)
try_this(
    STEM,
    {
        "touching": FIRST | {"reading": "semantic"},
        "apart": FIRST | {"reading": "instance"},
        "wrong": FIRST | {"marks": "wrong"},
        "hard": FIRST | {"marks": "wrong", "difficulty": 1, "things": 10},
    },
)
stage(STEM, CONTROLS, source="segmentation-types")
predict_then_see(STEM)
st.subheader(prose(STEM, "photo_title"), anchor=False)
st.markdown(prose(STEM, "photo"))
stage(
    STEM,
    controls_of(PhotoQuestion, options={"cut_by": cutters()}),
    source="segmentation-types/photo",
    fixed={"picture": current_picture().ref},
    view="photo",
    words=["marks"],
)
read_more(STEM)
show_code(
    "engine.segment.coarse_readings:classify",
    "engine.segment.coarse_readings:boxes_of",
    "engine.segment.reading:semantic_reading",
    "engine.segment.reading:instance_reading",
    "engine.segment.fusion:fuse",
    "engine.segment.pixel_costs:pixel_costs",
)
