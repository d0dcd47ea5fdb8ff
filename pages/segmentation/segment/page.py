"""Your picture in segments. What can be cut out that nobody drew the outline of?

Main control: opacity, how strongly the segments lie over the picture. torchvision's are downloaded.
Sources: Selvaraju et al. 2017 (Grad-CAM); Rother et al. 2004 (GrabCut); Achanta et al. 2012 (SLIC).
"""

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.segment.contract import Question
from engine.serving.segmentations import read
from pages.ui.controls import Control, Options, Value, controls_of, first_state
from pages.ui.download import offer_download
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, language

STEM = "segment"
PATIENCE_S = 1.5


def missing_methods() -> dict[str, InputError]:
    """The methods that are not at hand, and why."""
    from engine.segment.segmenters import list_segmenters, why_missing

    found = {entry.name: why_missing(entry.name) for entry in list_segmenters()}
    return {name: why for name, why in found.items() if why is not None}


def controls(missing: dict[str, InputError]) -> list[Control]:
    """What can be moved; methods that are not at hand are marked."""
    from engine.segment.segmenters import list_segmenters

    titles = {each.name: each.title for each in list_segmenters()}
    titles |= {name: label(STEM, "absent", title=titles[name]) for name in missing}
    headings = {each.name: label(STEM, f"family_{each.family}") for each in list_segmenters()}
    methods = Options(list(titles), titles, headings)
    return controls_of(Question, options={"method": methods})


def show_missing(name: str, why: InputError) -> None:
    """Why a method has no answer, and a download where that helps."""
    from engine.segment.segmenters import find_segmenter
    from engine.segment.torchvision_segmenters import weights_of

    entry = find_segmenter(name)
    if entry.file_mib is None:
        st.info(why.sentence(language()))
        return
    st.info(label(STEM, "missing", title=entry.title, size=f"{entry.file_mib:.0f}"))
    offer_download(name, entry.title, lambda: weights_of(name), key=name)


def show_result(values: dict[str, Value]) -> None:
    """What was found, in words."""
    from engine.segment.segmenters import Settings, find_segmenter

    numbers = {name: values[name] for name in ("seed", "pieces", "compactness", "scale", "least")}
    name = str(values["method"])
    try:
        found = read(current_picture(), name, Settings(**numbers), PATIENCE_S)  # pyright: ignore[reportArgumentType]
    except InputError as error:
        st.error(error.sentence(language()))
        return
    if isinstance(found, Progress):  # the stage says how far it is
        return
    answer = found.reading.answer
    known = {"title": find_segmenter(name).title, "count": len(answer.found.segments)}
    if found.reading.cut is not None:
        known = {"name": found.seen.class_name, "prob": f"{found.seen.prob:.1%}"}
        known["share"] = f"{answer.covered:.1%}"
    st.markdown(label(STEM, f"result_{'cut' if found.reading.cut else answer.kind}", **known))


open_page(STEM)
missing = missing_methods()  # one that has just been downloaded makes another question
fixed: dict[str, Value | None] = {"picture": current_picture().ref, "absent": len(missing)}
named = ("segmentation_types",)  # the names of what is drawn in scenes
moved = controls(missing)
FIRST = first_state(moved)
values = stage(STEM, moved, source="segment/reading", fixed=fixed, words=named)
method = str(values["method"])
if method in missing:
    show_missing(method, missing[method])
try_this(
    STEM,
    {
        "seen": FIRST | {"step": 0},
        "flower": FIRST,
        "narrow": FIRST | {"seed": 0.6},
        "pieces": FIRST | {"method": "slic", "opacity": 30},
        "colours": FIRST | {"method": "felzenszwalb", "opacity": 80},
    },
    samples={"flower": "flower", "narrow": "coffee"},
)
if method not in missing:
    show_result(values)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.segment.class_seed:seed_of",
    "engine.segment.grab_cut:make_trimap",
    "engine.segment.grab_cut:grab_cut_steps",
    "engine.segment.superpixels:cluster_pixels",
    "engine.segment.torchvision_segmenters:classify_pixels",
    "engine.segment.exports:as_coco",
)
