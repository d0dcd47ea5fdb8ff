"""When is a found box right, and how good is a detector? IoU, precision, recall, AP.

Main control: score, from which on a found box counts; all scores together make the curve whose
area is AP.
Sources: Everingham et al. 2010 (PASCAL VOC); Lin et al. 2014 (COCO); Rezatofighi et al. 2019
(GIoU); Zheng et al. 2020 (DIoU).
"""

import streamlit as st

from engine.serving.average_precision.compute import SCENE_DETECTORS, SHAPES
from engine.serving.average_precision.route import SCENES
from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "average_precision"
SOURCE = "average-precision"
OVERLAP = "overlap"
BOX = r"\d{1,4}(,\d{1,4}){3}"
FIRST: dict[str, Value] = {
    "score": 0.5, "iou": 0.5, "detector": "windows", "label": "square", "scene": 33, "truth": "",
}  # fmt: skip
FACE = FIRST | {"detector": "faces", "score": 0.9, "truth": "354,121,523,336"}
TRUTH, FOUND = "300,300,700,700", "400,380,800,780"


def controls() -> list[Slider | Choice | Hidden]:
    """What can be moved; the detectors stand under what they look at."""
    scenes, own = label(STEM, "group_scenes"), label(STEM, "group_own")
    headings: dict[str, str] = {name: scenes for name in SCENE_DETECTORS}
    headings |= {name: own for name in ("photo", "faces")}
    return [
        Slider("score", 0.05, 1, default=0.5, step=0.01),
        Slider("iou", 0.5, 0.95, default=0.5, step=0.05),
        Choice("detector", list(headings), "windows", groups=headings),
        Choice("label", SHAPES, "square"),
        Slider("scene", 1, SCENES, default=33),
        Hidden("truth", rf"({BOX}(;{BOX}){{0,19}})?", max_length=400),
    ]


open_page(STEM)
picture = {"picture": current_picture().ref}
stage(STEM, controls(), source=SOURCE, fixed=picture)
try_this(
    STEM,
    {
        "strict": FIRST | {"score": 0.95},
        "tight": FIRST | {"iou": 0.75},
        "better": FIRST | {"detector": "detectnet", "iou": 0.75},
        "face": FACE,
    },
    samples={"face": "astronaut"},
)
predict_then_see(STEM)
st.subheader(prose(STEM, "overlap_heading"), anchor=False)
st.markdown(prose(STEM, "overlap"))
stage(
    STEM,
    [Hidden("truth_box", BOX, TRUTH, 30), Hidden("found_box", BOX, FOUND, 30)],
    source=f"{SOURCE}/iou",
    fixed=picture,
    view=OVERLAP,
)
try_this(
    STEM,
    {
        "half": {"truth_box": TRUTH, "found_box": "500,300,900,700"},
        "inside": {"truth_box": TRUTH, "found_box": "400,400,600,600"},
        "apart": {"truth_box": "50,50,350,350", "found_box": "650,650,950,950"},
    },
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
