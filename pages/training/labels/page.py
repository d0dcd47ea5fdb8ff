"""How does a photo get the true boxes that a detector learns from?

Main control: score, from which on NanoDet's boxes are proposed; then the boxes themselves. Below, a
detector learns from the boxes and is judged on a photo that is held out.
Sources: Redmon's darknet (YOLO); Geiger et al. 2012 (KITTI); Lin et al. 2014 (COCO); Everingham et
al. 2010 (Pascal VOC); RangiLyu/nanodet (the proposals); Li et al. 2020 (its losses); Zhang et al.
2020 (which cells answer).
"""

import streamlit as st

from engine.serving.labels.contract import Question, TrainingQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "labels"
CONTROLS = controls_of(Question, "score", "zoom", "form", "upright")
FIRST = first_state(CONTROLS)
TRAINING = controls_of(TrainingQuestion)
LEARNT = {name: value for name, value in first_state(TRAINING).items() if name != "begun"}

open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "many": FIRST | {"score": 0.1},
        "sure": FIRST | {"score": 0.5},
        "near": FIRST | {"zoom": 3},
    },
)
stage(STEM, CONTROLS, source="", height_px=620)
predict_then_see(STEM)
st.subheader(prose(STEM, "train_title"), anchor=False)
st.markdown(prose(STEM, "train"))
try_this(
    STEM,
    {
        "low": LEARNT | {"learns": "last"},
        "wild": LEARNT | {"learning_rate": 0.1},
        "own_net": LEARNT | {"learner": "detectnet", "learning_rate": 0.003, "passes": 60},
    },
    view="train",
)
stage(
    STEM,
    TRAINING,
    source="labels/training",
    view="train",
    words=["comparison"],
    height_px=560,
)
read_more(STEM)
show_code(
    "engine.labels.yolo:yolo_line",
    "engine.labels.kitti:kitti_line",
    "engine.labels.coco:coco_annotation",
    "engine.labels.voc:voc_corners",
    "engine.labels.rle:decode_counts",
    "engine.detection.nanodet.targets:assign",
    "engine.detection.nanodet.losses:quality_focal_loss",
    "engine.detection.nanodet.losses:distribution_focal_loss",
)
