"""Your picture in segments. What can be cut out that nobody drew the outline of?

Main control: opacity, how strongly the segments lie over the picture. torchvision's are downloaded.
Sources: Selvaraju et al. 2017 (Grad-CAM); Rother et al. 2004 (GrabCut); Achanta et al. 2012 (SLIC).
"""

import streamlit as st

from engine.serving.segment.contract import Question
from pages.ui.controls import Control, Options, Value, controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.offered import Listed, chosen_before, list_all, names_of, show_missing
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

STEM = "segment"
DRAWN = "drawn"  # the method that is steered by hand
BOXED = "boxes"  # a detector's boxes and GrabCut in each


def controls(found: dict[str, Listed]) -> list[Control]:
    """What can be moved; methods that are not available are marked."""
    titles = {
        name: label(STEM, "absent", title=each.title) if each.missing else each.title
        for name, each in found.items()
    }
    headings = {name: label(STEM, f"family_{each.family}") for name, each in found.items()}
    names = names_of(found, chosen_before(STEM, "method"), Question().method)
    return controls_of(Question, options={"method": Options(names, titles, headings)})


def show_result(found: Answer) -> None:
    """What was found, in words; a method that has no answer says why."""
    if "why" in found.about:
        st.error(found["why"])
        return
    title = listed[method].title if method in listed else method
    known = {"title": title, "count": found["count"]}
    cut = found.about.get("cut")
    if cut:
        known = {"name": cut["class"], "prob": f"{cut['prob']:.1%}"}
        known["share"] = f"{found['covered']:.1%}"
    shown = ("unsure" if cut["unsure"] else "cut") if cut else found["kind"]
    if method == DRAWN:
        shown, known = DRAWN, {"share": f"{found['covered']:.1%}"}
    if method == BOXED:
        shown, known = "boxed", {"count": found["count"], "share": f"{found['covered']:.1%}"}
    st.markdown(label(STEM, f"result_{shown}", **known))


open_page(STEM)
listed = list_all("segmenters")
missing = [name for name, each in listed.items() if each.missing]
# one that has just been downloaded makes another question
fixed: dict[str, Value | None] = {"picture": current_picture().ref, "absent": len(missing)}
named = ("segmentation_types", "marks")  # the names of what is drawn in scenes, and the tools
moved = controls(listed)
FIRST = first_state(moved)
try_this(
    STEM,
    {
        "seen": FIRST | {"step": 0},
        "flower": FIRST,
        "narrow": FIRST | {"seed": 0.6},
        "pieces": FIRST | {"method": "slic", "opacity": 30},
        "colours": FIRST | {"method": "felzenszwalb", "opacity": 80},
        "own_box": FIRST | {"method": DRAWN},
    },
    samples={"flower": "flower", "narrow": "coffee"},
)
values = stage(STEM, moved, source="segment/reading", fixed=fixed, words=named)
method = str(values["method"])
if method in missing:
    show_missing(STEM, "segmenters", listed[method])
if method not in missing:
    when_answered("segment/reading", fixed | values, show_result)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.segment.class_seed:seed_of",
    "engine.segment.grab_cut:make_trimap",
    "engine.segment.grab_cut:grab_cut_steps",
    "engine.segment.drawn_marks:read_marks",
    "engine.segment.boxed_things:cut_out_things",
    "engine.segment.superpixels:cluster_pixels",
    "engine.segment.torchvision_segmenters:classify_pixels",
    "engine.segment.exports:as_coco",
)
