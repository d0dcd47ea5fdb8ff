"""When is a found box right, and how good is a detector? IoU, precision, recall, AP.

Main control: score, from which on a found box counts; all scores together make the curve whose
area is AP.
Sources: Everingham et al. 2010 (PASCAL VOC); Lin et al. 2014 (COCO); Rezatofighi et al. 2019
(GIoU); Zheng et al. 2020 (DIoU).
"""

import streamlit as st

from engine.serving.average_precision.contract import (
    NOTHING,
    PHOTO_DETECTORS,
    SCENE_DETECTORS,
    SCENES,
    Errors,
    Question,
    TwoBoxes,
)
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.offered import Listed, chosen_before, detector_titles, list_all, names_of
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "average_precision"
SOURCE = "average-precision"
OVERLAP, GALLERY = "overlap", "gallery"
FACE = {"detector": "faces", "rival": "mtcnn", "score": 0.9, "truth": "354,121,523,336"}


def controls() -> list[Control]:
    """What can be moved; the detectors stand under what they look at."""
    listed = {n: each for n, each in list_all("detectors").items() if not each.missing}
    listed.pop("detectnet", None)  # it knows drawn shapes, and stands under the scenes
    called = {name: each for each, name in PHOTO_DETECTORS.items()}  # by this page's links
    found = {called.get(name, name): each for name, each in listed.items()}
    titles = {called.get(name, name): title for name, title in detector_titles(listed).items()}
    titles |= {name: label(STEM, f"option_detector_{name}") for name in SCENE_DETECTORS}
    options = {"detector": offer("detector", found, titles), "rival": offer("rival", found, titles)}
    return controls_of(Question, options=options)


def offer(control: str, found: dict[str, Listed], titles: dict[str, str]) -> Options:
    """The detectors of one control, those of scenes first."""
    others = names_of(found, chosen_before(STEM, control), getattr(Question(), control))
    names = list(dict.fromkeys([*SCENE_DETECTORS, *others]))
    groups = dict.fromkeys(names, label(STEM, "group_own"))
    groups |= dict.fromkeys(SCENE_DETECTORS, label(STEM, "group_scenes"))
    return Options([NOTHING, *names] if control == "rival" else names, titles, groups)


open_page(STEM)
picture = {"picture": current_picture().ref}
moved = controls()
first = first_state(moved)
try_this(
    STEM,
    {
        "strict": first | {"score": 0.95},
        "tight": first | {"iou": 0.75},
        "better": first | {"detector": "detectnet", "rival": "windows", "iou": 0.75},
        "face": first | FACE,
    },
    samples={"face": "astronaut"},
)
values = stage(STEM, moved, source=SOURCE, fixed=picture, words=["own_labels"])
predict_then_see(STEM)
st.subheader(prose(STEM, "gallery_heading"), anchor=False)
st.markdown(prose(STEM, "gallery"))
stage(
    STEM,
    controls_of(Errors, "kind"),
    source=f"{SOURCE}/errors",
    fixed=picture | values,
    view=GALLERY,
    height_px=260,
)
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
    "engine.detection.error_kinds:judge_boxes",
    "engine.detection.average_precision:coco_average_precision",
)
