"""One scene, five readings: what classification, detection and three segmentations each can say.

Main control: opacity, how strongly the reading at hand lies over the picture. All five come from
one panoptic net, beside the truth, and the figures say which wrong pixel costs which of them.
Sources: Kirillov et al. 2019 (panoptic segmentation, PQ); Cheng et al. 2020 (the net).
"""

import streamlit as st

from engine.serving.panoptic_scenes import MOST_THINGS, SHOWN_SCENES
from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "segmentation_types"
READINGS = ["classification", "detection", "semantic", "instance", "panoptic"]
MARKS = ["none", "wrong", "mean_iou", "mask_ap", "sq", "rq"]
NOT_FOR_PHOTOS = ("superpixels", "scenes")
FIRST = {
    "opacity": 60, "reading": "panoptic", "marks": "none", "scene": 34, "things": 7,
    "difficulty": 0.3, "overlap": 0.3, "pixel": "",
}  # fmt: skip


def cutters() -> Choice:
    """The segmenters at hand whose segments are of a class."""
    from engine.segment.segmenters import list_segmenters, why_missing

    named = [each for each in list_segmenters() if each.family not in NOT_FOR_PHOTOS]
    titles = {each.name: each.title for each in named if why_missing(each.name) is None}
    return Choice("cut_by", list(titles), "grabcut", titles)


open_page(STEM)
stage(
    STEM,
    [
        Slider("opacity", 0, 100, default=60, unit="%"),
        Choice("reading", READINGS, default="panoptic"),
        Choice("marks", MARKS, default="none"),
        Slider("scene", 1, SHOWN_SCENES, default=34),
        Slider("things", 0, MOST_THINGS, default=7),
        Slider("difficulty", 0, 1, default=0.3, step=0.1),
        Slider("overlap", 0, 0.6, default=0.3, step=0.05),
        Hidden("pixel", r"(\d{1,2},\d{1,2})?"),
    ],
    source="segmentation-types",
)
try_this(
    STEM,
    {
        "touching": FIRST | {"reading": "semantic"},
        "apart": FIRST | {"reading": "instance"},
        "wrong": FIRST | {"marks": "wrong"},
        "hard": FIRST | {"marks": "wrong", "difficulty": 1, "things": 10},
    },
)
predict_then_see(STEM)
st.subheader(prose(STEM, "photo_title"), anchor=False)
st.markdown(prose(STEM, "photo"))
stage(
    STEM,
    [
        Slider("photo_score", 0.3, 0.95, default=0.5, step=0.05),
        Slider("photo_opacity", 0, 100, default=55, unit="%"),
        cutters(),
    ],
    source="segmentation-types/photo",
    fixed={"picture": current_picture().ref},
    view="photo",
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
