"""Why look twice: first for places that may hold something, then for what it is?

Main control: proposals, how many boxes R-CNN looks at on the photo. Below, Faster R-CNN is opened
on a scene, one object followed from its anchors to its box, and trained live with four losses.
Sources: Girshick et al. 2014 (R-CNN); Girshick 2015 (Fast R-CNN); Ren et al. 2015 (Faster R-CNN);
He et al. 2017 (RoIAlign).
"""

import streamlit as st

from engine.serving.two_stage.contract import OpenedQuestion, Question, TrainingQuestion
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.offered import Listed, chosen_before, list_all, show_missing
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "two_stage"
CROPS, TRAINING = controls_of(Question), controls_of(TrainingQuestion)
FIRST, SCENE = (first_state(controls_of(each)) for each in (Question, OpenedQuestion))
COCO = "fasterrcnn_mobilenet_v3_large_320_fpn"
OF_SCENES = ("step", "of", "scene", "weights", "thing")
OF_PHOTOS = ("step", "of", "thing")


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


def opened_controls(coco: Listed | None) -> list[Control]:
    """What can be moved: torchvision's net, where it can be had, has the photo and no scenes."""
    has_it = coco is not None and not coco.missing
    titles = {
        "scene": label(STEM, "option_of_scene"),
        "photo": label(STEM, "option_of_photo"),
    }
    if not has_it:
        titles["photo"] = label(STEM, "absent", title=titles["photo"])
    usual = "photo" if has_it else OpenedQuestion().of
    chosen = chosen_before("two_stage_opened", "of") or usual
    names = OF_PHOTOS if chosen == "photo" else OF_SCENES
    options = {"of": Options((), titles)}
    return controls_of(OpenedQuestion, *names, options=options, defaults={"of": usual})


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
picture = {"picture": current_picture().ref}
stage(STEM, CROPS, source="two-stage", fixed=picture, height_px=680)
predict_then_see(STEM)
part("opened")
coco = list_all("detectors").get(COCO)
opened = opened_controls(coco)
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
# a network that has just been downloaded is another question to the engine
fixed = picture | {"absent": "1" if coco is not None and coco.missing else None}
values = stage(STEM, opened, source="two-stage/opened", fixed=fixed, view="opened", height_px=400)
if values["of"] == "photo" and coco is not None and coco.missing:
    show_missing(STEM, "detectors", coco)
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
