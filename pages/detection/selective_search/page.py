"""Which boxes are worth a look, if nobody has said yet what is in them?

Main control: left, how many regions are left as the most similar neighbours merge.
Sources: Uijlings et al. 2013 (Selective Search); Felzenszwalb & Huttenlocher 2004 (the first
regions); Girshick et al. 2014 (R-CNN, which looks at these boxes); Hosang et al. 2016 (recall).
"""

import streamlit as st

from engine.serving.selective_search.contract import Grouped, Question, RecallQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "selective_search"
SOURCE, RECALL = "selective-search", "selective-search/recall"
HOW = tuple(Grouped.model_fields)
LATER = ("node", "truth")
MOVED = controls_of(Question, "left", "shown", *HOW, *LATER)
FIRST = first_state(MOVED)
JUDGED = controls_of(RecallQuestion, "iou", "difficulty")
ALONE = {"colour": 0, "texture": 0, "size": 0, "fill": 0}


def show_recall(found: Answer) -> None:
    """What so many boxes find, in words that follow the numbers."""
    about = found.about
    reached = bool(about["ninety"]), bool(about["window_ninety"])
    key = {
        (True, True): "recall_result",
        (True, False): "recall_windows_never",
        (False, True): "recall_search_never",
        (False, False): "recall_neither",
    }[reached]
    rounded = {"boxes": round(about["boxes"]), "percent": round(100 * about["found"])}
    st.markdown(label(STEM, key, **about | rounded))


open_page(STEM)
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "first": FIRST | {"left": 1500},
        "boxes": FIRST | {"left": 1, "shown": "boxes"},
        "colour": FIRST | ALONE | {"colour": 1},
        "size": FIRST | ALONE | {"size": 1},
        "sizeless": FIRST | {"size": 0},
        "grey": FIRST | {"space": "grey"},
        "cup": FIRST | {"truth": "270,30,705,810"},
        "fast": FIRST | {"mode": "fast"},
    },
    samples={"cup": "coffee"},
)
values = stage(STEM, MOVED, source=SOURCE, fixed=picture, words=["own_labels"])
predict_then_see(STEM)
st.subheader(prose(STEM, "recall_title"), anchor=False)
st.markdown(prose(STEM, "recall"))
start = first_state(JUDGED)
try_this(
    STEM,
    {"strict": start | {"iou": 0.8}, "faint": start | {"difficulty": 1.0}},
    view="recall",
)
how = {name: values[name] for name in HOW}
judged = stage(STEM, JUDGED, source=RECALL, fixed=how, view="recall", height_px=380)
when_answered(RECALL, how | judged, show_recall)
read_more(STEM)
show_code(
    "engine.detection.selective_search.grouping:group",
    "engine.detection.selective_search.similarity:intersect",
    "engine.detection.selective_search.similarity:size_and_fill",
    "engine.detection.selective_search.regions:first_regions",
    "engine.detection.selective_search.strategies:propose",
)
