"""How can three small nets look at tens of thousands of windows, and at once? By saying no early.

Main control: pnet, the face probability that the first and cheapest net asks for.
Source: Zhang, Zhang, Li, Qiao, "Joint Face Detection and Alignment using Multi-task Cascaded
Convolutional Networks", IEEE Signal Processing Letters 2016; facenet-pytorch's weights.
"""

from engine.serving.face_cascade.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage

STEM = "face_cascade"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)

open_page(STEM)
try_this(
    STEM,
    {
        "face": FIRST | {"stage": 7},
        "heat": FIRST | {"stage": 0},
        "lenient": FIRST | {"pnet": 0.4, "rnet": 0.05, "onet": 0.05, "stage": 7},
        "large": FIRST | {"min_face": 120, "stage": 7},
        "cat": FIRST | {"stage": 4},
    },
    samples={
        "face": "astronaut",
        "heat": "astronaut",
        "large": "astronaut",
        "lenient": "motorcycle",
        "cat": "chelsea",
    },
)
stage(STEM, CONTROLS, source="face-cascade", fixed={"picture": current_picture().ref})
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.mtcnn.cascade:find_faces",
    "engine.detection.mtcnn.cascade:pyramid_scales",
    "engine.detection.mtcnn.calibration:calibrate",
    "engine.detection.mtcnn.opened:OpenedCascade.trace",
)
