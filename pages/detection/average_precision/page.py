"""When is a found box right, and how good is a detector? IoU, precision, recall, AP.

Main control: score, from which on a found box counts; all scores together make the curve whose
area is AP.
Sources: Everingham et al. 2010 (PASCAL VOC); Lin et al. 2014 (COCO); Rezatofighi et al. 2019
(GIoU); Zheng et al. 2020 (DIoU).
"""

import streamlit as st

from engine.serving.average_precision.contract import (
    PHOTO_DETECTORS,
    SCENE_DETECTORS,
    SCENES,
    Question,
    TwoBoxes,
)
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "average_precision"
SOURCE = "average-precision"
OVERLAP = "overlap"


def controls() -> list[Control]:
    """What can be moved; the detectors stand under what they look at."""
    scenes, own = label(STEM, "group_scenes"), label(STEM, "group_own")
    groups = dict.fromkeys(SCENE_DETECTORS, scenes) | dict.fromkeys(PHOTO_DETECTORS, own)
    return controls_of(Question, options={"detector": Options((), groups=groups)})


open_page(STEM)
picture = {"picture": current_picture().ref}
moved = controls()
first = first_state(moved)
try_this(
    STEM,
    {
        "strict": first | {"score": 0.95},
        "tight": first | {"iou": 0.75},
        "better": first | {"detector": "detectnet", "iou": 0.75},
        "face": first | {"detector": "faces", "score": 0.9, "truth": "354,121,523,336"},
    },
    samples={"face": "astronaut"},
)
stage(STEM, moved, source=SOURCE, fixed=picture)
predict_then_see(STEM)
st.subheader(prose(STEM, "overlap_heading"), anchor=False)
st.markdown(prose(STEM, "overlap"))
two = controls_of(TwoBoxes)
start = first_state(two)
try_this(
    STEM,
    {
        "half": start | {"found_box": "500,300,900,700"},
        "inside": start | {"found_box": "400,400,600,600"},
        "apart": {"truth_box": "50,50,350,350", "found_box": "650,650,950,950"},
    },
    view=OVERLAP,
)
stage(
    STEM,
    two,
    source=f"{SOURCE}/iou",
    fixed=picture,
    view=OVERLAP,
)
read_more(STEM, scenes=SCENES)
show_code(
    "engine.detection.boxes:box_iou",
    "engine.detection.matching:match",
    "engine.detection.matching:pair",
    "engine.detection.average_precision:precision_recall",
    "engine.detection.average_precision:coco_average_precision",
)
