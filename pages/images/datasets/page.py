"""What do networks learn from, and where among it would my picture lie?

Main control: year, up to which sets and results are shown.
Sources: engine/serving/datasets/sources.toml, a publication for each figure; Deng et al. 2009
(ImageNet), Fellbaum 1998 (WordNet), Deng et al. 2012 (answers as exact as one may be sure).
"""

import streamlit as st

from engine.serving.datasets.contract import FormatsQuestion, SetsQuestion, TreeQuestion
from pages.images.datasets.said import STEM, show_best, show_place
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

SETS, TERMS = controls_of(SetsQuestion), controls_of(TreeQuestion)
MISTAKES = controls_of(FormatsQuestion, "misread")
FIRST, TREE = first_state(SETS), first_state(TERMS)

open_page(STEM)
try_this(
    STEM,
    {
        "digits": FIRST | {"chosen": "mnist", "year": 2013},
        "before": FIRST | {"year": 2011},
        "boxes": FIRST | {"chosen": "coco"},
        "streets": FIRST | {"chosen": "cityscapes"},
        "platform": FIRST | {"chosen": "kaggle"},
    },
)
asked = stage(STEM, SETS, source=STEM, height_px=560)
when_answered(STEM, asked, show_best)
predict_then_see(STEM)

st.subheader(prose(STEM, "tree_title"), anchor=False)
st.markdown(prose(STEM, "tree"))
try_this(
    STEM,
    {
        "half": TREE | {"sure": 51},
        "certain": TREE | {"sure": 99},
        "whole": TREE | {"breadth": "classes"},
        "dogs": TREE | {"breadth": "classes", "term": "n02086723"},
    },
    view="tree",
)
picture = {"picture": current_picture().ref}
asked = stage(STEM, TERMS, source=f"{STEM}/tree", fixed=picture, view="tree", height_px=440)
when_answered(f"{STEM}/tree", picture | asked, lambda found: show_place(found, asked))

st.subheader(prose(STEM, "formats_title"), anchor=False)
st.markdown(prose(STEM, "formats"))
try_this(
    STEM,
    {
        "one_pixel": {"misread": "voc_from_0"},
        "corner": {"misread": "yolo_corner"},
        "size": {"misread": "coco_corners"},
        "right": {"misread": "none"},
    },
    view="formats",
)
stage(STEM, MISTAKES, source=f"{STEM}/formats", fixed=picture, view="formats", height_px=820)
read_more(STEM)
show_code(
    "engine.nets.imagenet_tree.tree:sum_up",
    "engine.nets.imagenet_tree.tree:surest_term",
    "engine.labels.voc:voc_corners",
    "engine.labels.yolo:yolo_line",
    "engine.labels.misread:misread",
)
