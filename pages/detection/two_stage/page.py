"""Why look twice: first for places that may hold something, then for what it is?

Main control: proposals, how many boxes R-CNN looks at on the photo. Below, Faster R-CNN is opened
on a scene, one object followed from its anchors to its box, and trained live with four losses.
Sources: Girshick et al. 2014 (R-CNN); Girshick 2015 (Fast R-CNN); Ren et al. 2015 (Faster R-CNN);
He et al. 2017 (RoIAlign).
"""

import streamlit as st

from engine.serving.two_stage.contract import OpenedQuestion, Question, TrainingQuestion
from pages.ui.controls import controls_of, first_state
from pages.ui.offered import list_all
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "two_stage"
CROPS, OPENED = controls_of(Question), controls_of(OpenedQuestion)
TRAINING = controls_of(TrainingQuestion)
FIRST, SCENE, TRAINED = (first_state(each) for each in (CROPS, OPENED, TRAINING))
COCO = "fasterrcnn_resnet50_fpn"


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


def say_where_coco_is() -> None:
    """Whether torchvision's own Faster R-CNN, trained on photographs, can be had here."""
    found = list_all("detectors").get(COCO)
    if found is not None:
        key = "coco_missing" if found.missing else "coco_there"
        st.caption(label(STEM, key, title=found.title))


open_page(STEM)
try_this(
    STEM,
    {
        "few": FIRST | {"proposals": 10},
        "many": FIRST | {"proposals": 200},
        "map": FIRST | {"way": "map"},
        "early": FIRST | {"way": "map", "stride": "8"},
        "unthinned": FIRST | {"iou": 0.95},
    },
)
stage(STEM, CROPS, source="two-stage", fixed={"picture": current_picture().ref}, height_px=680)
say_where_coco_is()
predict_then_see(STEM)
part("opened")
try_this(
    STEM,
    {
        "anchors": SCENE | {"step": 1},
        "untrained": SCENE | {"weights": "drawn", "step": 2},
        "crop": SCENE | {"step": 4},
        "fate": SCENE | {"step": 6},
    },
    view="opened",
)
stage(STEM, OPENED, source="two-stage/opened", view="opened", height_px=400)
part("training")
stage(
    STEM,
    TRAINING,
    source="two-stage/training",
    view="training",
    words=["comparison"],
    height_px=760,
)
read_more(STEM)
show_code(
    "engine.detection.region_crops:warp_crops",
    "engine.detection.region_crops:align_crops",
    "engine.detection.region_crops:classify_crops",
    "engine.trainable.faster_rcnn:SmallFasterRCNN",
    "engine.detection.scene_nets.two_stages:propose",
    "engine.detection.scene_nets.two_stages:classify",
)
