"""Two detectors look at the same picture. Why do they disagree?

Main control: score, from which on a box counts. What a detector said is kept, so that neither
threshold makes it look again.
Sources: Zhang et al. 2016 (MTCNN); Viola and Jones 2001 (Haar cascades); Dalal and Triggs 2005
(HOG); torchvision's detectors: Liu et al. 2016, Ren et al. 2015, Lin et al. 2017, Tian et al. 2019.
"""

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.detect.contract import NOTHING, Question
from engine.serving.detections import thinned_boxes
from pages.ui.controls import Control, Options, Value, controls_of, first_state
from pages.ui.detector_names import detector_headings, detector_titles, missing_detectors
from pages.ui.download import offer_download
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, language

STEM = "detect"
SIDES = ("left", "right")
PATIENCE_S = 1.5


def controls(missing: dict[str, InputError]) -> list[Control]:
    """What can be moved; detectors that are not at hand are marked."""
    titles, headings = detector_titles(), detector_headings()
    marked = {
        name: label(STEM, "absent", title=title) if name in missing else title
        for name, title in titles.items()
    }
    options = {
        "left": Options(list(titles), marked, headings),
        "right": Options([NOTHING, *titles], marked, headings),
    }
    return controls_of(Question, options=options)


def show_missing(name: str, why: InputError) -> None:
    """Why a detector does not answer; a download where there is a file."""
    from engine.detection.detectors import find_detector
    from engine.detection.torchvision_detectors import weights_of

    entry = find_detector(name)
    if entry.file_mib is None:
        st.info(why.sentence(language()))
        return
    st.info(label(STEM, "missing", title=entry.title, size=f"{entry.file_mib:.0f}"))
    offer_download(name, entry.title, lambda: weights_of(name), key=name)


def show_result(name: str, values: dict[str, Value]) -> None:
    """What a detector found, in words."""
    score, iou = float(values["score"]), float(values["iou"])
    try:
        found = thinned_boxes(current_picture(), name, iou, PATIENCE_S)
    except InputError as error:
        st.error(error.sentence(language()))
        return
    if not isinstance(found, Progress):  # else the stage says how far it is
        numbers = {"bare": len(found.raw.found), "found": len(found.at_least(score))}
        title = detector_titles()[name]
        st.markdown(label(STEM, "result", title=title, score=f"{score:.2f}", iou=iou, **numbers))


open_page(STEM)
missing = missing_detectors()
# a detector that has just been downloaded is another question to the engine
fixed: dict[str, Value | None] = {"picture": current_picture().ref, "absent": len(missing)}
moved = controls(missing)
first = first_state(moved)
faces = first | {"left": "mtcnn", "right": "haar_frontalface_default"}
values = stage(STEM, moved, source="detect/panels", fixed=fixed)
shown = list(dict.fromkeys(str(values[side]) for side in SIDES if values[side] != NOTHING))
for detector in (name for name in shown if name in missing):
    show_missing(detector, missing[detector])
try_this(
    STEM,
    {
        "faces": faces,
        "flower": faces | {"score": 0.8},
        "nets": first | {"left": "pnet", "right": "mtcnn", "bare": True},
        "side": faces | {"right": "haar_profileface", "score": 0.8},
        "raw": first | {"iou": 1, "score": 0.1, "bare": True},
    },
    samples={"faces": "astronaut", "flower": "flower", "nets": "astronaut", "side": "camera"},
)
for detector in (name for name in shown if name not in missing):
    show_result(detector, values)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.detectors:thin",
    "engine.detection.nms:nms",
    "engine.detection.raw_answers:haar_steps",
    "engine.detection.torchvision_detectors:open_up",
    "engine.detection.exports:as_coco",
)
