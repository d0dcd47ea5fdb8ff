"""Two detectors look at the same picture. Why do they disagree?

Main control: score, from which on a box counts. What a detector said is kept, so that neither
threshold makes it look again.
Sources: RangiLyu's NanoDet; Zhang et al. 2016 (MTCNN); Viola and Jones 2001 (Haar cascades); Dalal
and Triggs 2005 (HOG); torchvision's detectors: Liu et al. 2016, Ren et al. 2015, Lin et al. 2017,
Tian et al. 2019.
"""

from typing import Any

import streamlit as st

from engine.serving.detect.contract import NOTHING, Question
from pages.ui.controls import Control, Options, Value, controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.offered import (
    Listed,
    chosen_before,
    detector_headings,
    detector_titles,
    list_all,
    names_of,
    show_missing,
)
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

STEM = "detect"
SIDES = ("left", "right")


def controls(found: dict[str, Listed]) -> list[Control]:
    """What can be moved; detectors that are not available are marked."""
    titles, headings = detector_titles(found), detector_headings(found)
    marked = titles | {
        name: label(STEM, "absent", title=titles[name]) for name in found if found[name].missing
    }
    usual = Question()
    left = names_of(found, chosen_before(STEM, "left"), usual.left)
    right = names_of(found, chosen_before(STEM, "right"), usual.right)
    options = {
        "left": Options(left, marked, headings),
        "right": Options(list(dict.fromkeys([NOTHING, *right])), marked, headings),
    }
    return controls_of(Question, options=options)


def show_result(found: Answer) -> None:
    """What each detector found, in words; one that has no answer says why."""
    said = [found[side] for side in SIDES if side in found.about]
    for each in {facts["detector"]: facts for facts in said}.values():
        if "found" in each:
            st.markdown(in_words(each))
        elif "why" in each and each["detector"] not in missing:
            st.error(each["why"])


def in_words(facts: dict[str, Any]) -> str:
    """What a detector found, or that it found nothing of what it knows."""
    title = detector_titles(listed).get(facts["detector"], facts["detector"])
    numbers = facts | {"title": title, "score": f"{values['score']:.2f}", "iou": values["iou"]}
    knows = "only" if values["only"] else facts["knows"]
    return label(STEM, "result" if facts["found"] else f"none_{knows}", **numbers)


open_page(STEM)
listed = list_all("detectors")
missing = [name for name, each in listed.items() if each.missing]
absent = sum(chosen_before(STEM, side) in missing for side in SIDES)
# a detector that has just been downloaded is another question to the engine
fixed: dict[str, Value | None] = {"picture": current_picture().ref, "absent": absent or None}
moved = controls(listed)
first = first_state(moved)
faces = first | {"left": "mtcnn", "right": "haar_frontalface_default", "score": 0.7}
try_this(
    STEM,
    {
        "thousand": first | {"right": "sliding_window"},
        "faces": faces,
        "flower": faces | {"score": 0.8},
        "nets": faces | {"left": "pnet", "right": "mtcnn", "bare": True},
        "side": faces | {"right": "haar_profileface", "score": 0.8},
        "raw": first | {"iou": 1, "score": 0.05, "bare": True},
    },
    samples={"faces": "astronaut", "flower": "flower", "nets": "astronaut", "side": "camera"},
)
values = stage(STEM, moved, source="detect/panels", fixed=fixed, height_px=720)
shown = list(dict.fromkeys(str(values[side]) for side in SIDES if values[side] != NOTHING))
for detector in (name for name in shown if name in missing):
    show_missing(STEM, "detectors", listed[detector])
when_answered("detect/panels", fixed | values, show_result)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.detectors:thin",
    "engine.detection.nms:nms",
    "engine.detection.nanodet.finding:propose",
    "engine.detection.raw_answers:haar_steps",
    "engine.detection.torchvision_detectors:open_up",
    "engine.detection.exports:as_coco",
)
