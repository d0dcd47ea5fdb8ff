"""Why does one thing get hundreds of boxes, and how does one box remain?

Main control: iou, the overlap from which on a box is given up for a better one.
Sources: Girshick et al. 2014 (NMS per class); Bodla et al. 2017 (soft-NMS); OpenCV's
groupRectangles (clustering, as in DetectNet).
"""

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.nms.compute import thinned
from engine.serving.nms.contract import Question
from pages.ui.controls import Control, Options, Value, controls_of, first_state
from pages.ui.detector_names import detector_headings, detector_titles, missing_detectors
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, language

STEM = "nms"
# The families whose detectors give one thing many boxes; of the cascades one will do.
CROWDED = ("one_stage", "faces", "windows", "scenes", "template", "torchvision")
CASCADE = "haar_frontalface_default"
PATIENCE_S = 2.5


def offered() -> list[str]:
    """The detectors to choose from: those at hand."""
    from engine.detection.detectors import list_detectors

    missing = missing_detectors()
    entries = [entry for entry in list_detectors() if entry.name not in missing]
    return [each.name for each in entries if each.family in CROWDED or each.name == CASCADE]


def controls() -> list[Control]:
    """What can be moved."""
    detectors = Options(offered(), detector_titles(), detector_headings())
    return controls_of(Question, options={"detector": detectors})


def show_result(values: dict[str, Value]) -> None:
    """How many boxes there were and how many are left, in words."""
    asked = Question.model_validate({"picture": current_picture().ref, **values})
    found = thinned(asked, PATIENCE_S)
    if isinstance(found, Progress):
        return  # the stage says how far the detector is, and the numbers when it is there
    raw, (left, _) = found
    above = int((left.given_up_for != -1).sum())
    numbers = {"raw": len(raw.found), "above": above, "left": len(left.boxes)}
    st.markdown(label(STEM, "result", score=values["score"], **numbers))


open_page(STEM)
moved = controls()
FIRST = first_state(moved)
values = stage(STEM, moved, source="nms", fixed={"picture": current_picture().ref})
try_this(
    STEM,
    {
        "one": FIRST | {"iou": 0.1},
        "raw": FIRST | {"iou": 1.0},
        "soft": FIRST | {"kind": "soft_gaussian"},
        "cluster": FIRST | {"kind": "cluster"},
        "rocket": FIRST | {"kind": "agnostic", "iou": 0.3, "score": 0.3},
        "classes": FIRST,
        "face": FIRST | {"detector": "pnet", "score": 0.99, "iou": 0.5},
    },
    samples={"rocket": "rocket", "classes": "astronaut", "face": "astronaut"},
)
try:
    show_result(values)
except InputError as error:
    st.error(error.sentence(language()))
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.nms:nms_trace",
    "engine.detection.soft_nms:soft_nms_trace",
    "engine.detection.clustering:cluster_boxes",
    "engine.detection.classified_windows:classify_windows",
)
