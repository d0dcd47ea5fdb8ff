"""Why does one thing get hundreds of boxes, and how does one box remain?

Main control: iou, the overlap from which on a box is given up for a better one.
Sources: Girshick et al. 2014 (NMS per class); Bodla et al. 2017 (soft-NMS); OpenCV's
groupRectangles (clustering, as in DetectNet).
"""

import streamlit as st

from engine.serving.nms.contract import Question
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.offered import (
    Listed,
    chosen_before,
    detector_headings,
    detector_titles,
    list_all,
    names_of,
)
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

STEM = "nms"
# The families whose detectors give one thing many boxes; of the cascades one will do.
CROWDED = ("one_stage", "faces", "windows", "scenes", "template", "torchvision")
CASCADE = "haar_frontalface_default"


def offered() -> dict[str, Listed]:
    """The detectors to choose from: those that are available."""
    return {
        name: each
        for name, each in list_all("detectors").items()
        if each.missing is None and (each.family in CROWDED or name == CASCADE)
    }


def controls() -> list[Control]:
    """What can be moved."""
    found = offered()
    names = names_of(found, chosen_before(STEM, "detector"), Question().detector)
    detectors = Options(names, detector_titles(found), detector_headings(found))
    return controls_of(Question, options={"detector": detectors})


def show_result(found: Answer) -> None:
    """How many boxes there were and how many are left, in words."""
    if found["best"] is None:
        st.markdown(label(STEM, "result_nothing"))
        return
    numbers = found["counts"] | {"name": found["best"]["name"], "score": values["score"]}
    said = [label(STEM, f"result_{values['scope']}", **numbers)]
    if found["runner_up"] is not None:
        said.append(label(STEM, "alone", score=f"{found['runner_up']:.2f}"))
    st.markdown(" ".join(said))


open_page(STEM)
moved = controls()
first = first_state(moved)
windows = first | {"detector": "sliding_window", "scope": "all"}
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "high": first | {"iou": 0.7},
        "raw": first | {"iou": 1.0},
        "every": first | {"scope": "all"},
        "soft": first | {"kind": "soft_gaussian"},
        "cluster": first | {"kind": "cluster"},
        "rocket": windows | {"kind": "agnostic", "score": 0.3},
        "classes": windows | {"iou": 0.5, "score": 0.5},
        "face": first | {"detector": "pnet", "score": 0.99, "iou": 0.5},
    },
    samples={"rocket": "rocket", "classes": "astronaut", "face": "astronaut"},
)
values = stage(STEM, moved, source="nms", fixed=picture)
when_answered("nms", picture | values, show_result)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.nms:nms_trace",
    "engine.detection.soft_nms:soft_nms_trace",
    "engine.detection.clustering:cluster_boxes",
    "engine.detection.nanodet.finding:propose",
    "engine.detection.classified_windows:classify_windows",
)
