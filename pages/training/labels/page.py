"""How does a photo get the true boxes that a detector learns from?

Main control: score, from which on NanoDet's boxes are proposed; then the boxes themselves.
Sources: Redmon's darknet (YOLO); Geiger et al. 2012 (KITTI); Lin et al. 2014 (COCO); Everingham et
al. 2010 (Pascal VOC); RangiLyu/nanodet (the proposals).
"""

from engine.serving.labels.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage

STEM = "labels"
CONTROLS = controls_of(Question, "score", "zoom", "form", "upright")
FIRST = first_state(CONTROLS)

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
read_more(STEM)
show_code(
    "engine.labels.yolo:yolo_line",
    "engine.labels.kitti:kitti_line",
    "engine.labels.coco:coco_annotation",
    "engine.labels.voc:voc_corners",
    "engine.labels.rle:decode_counts",
)
