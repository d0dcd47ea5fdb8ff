"""How can three small nets look at tens of thousands of windows, and at once? By saying no early.

Main control: pnet, the face probability that the first and cheapest net asks for.
Source: Zhang, Zhang, Li, Qiao, "Joint Face Detection and Alignment using Multi-task Cascaded
Convolutional Networks", IEEE Signal Processing Letters 2016; facenet-pytorch's weights.
"""

from pages.ui.controls import Choice, Hidden, Slider, Value
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage

STEM = "face_cascade"
CONTROLS = [
    Slider("pnet", 0.4, 0.99, default=0.6, step=0.01),
    Slider("rnet", 0.05, 0.99, default=0.7, step=0.01),
    Slider("onet", 0.05, 0.99, default=0.7, step=0.01),
    Slider("min_face", 12, 240, default=20, step=4, log=True),
    Choice("factor", ["0.5", "0.6", "0.709", "0.8", "0.9"], default="0.709"),
    Slider("stage", 0, 7, default=2),
    Hidden("level", r"\d{0,2}"),
    Hidden("window", r"(\d{1,2},\d{1,4},\d{1,4})?"),
]
FIRST: dict[str, Value] = {control.name: control.default for control in CONTROLS}

open_page(STEM)
stage(STEM, CONTROLS, source="face-cascade", fixed={"picture": current_picture().ref})
try_this(
    STEM,
    {
        "face": FIRST | {"stage": 7},
        "heat": FIRST | {"stage": 0},
        "lenient": FIRST | {"pnet": 0.4, "rnet": 0.05, "onet": 0.05, "stage": 7},
        "large": FIRST | {"min_face": 120, "stage": 7},
        "cat": FIRST | {"stage": 4},
    },
    samples={"face": "astronaut", "lenient": "motorcycle", "cat": "chelsea"},
)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.mtcnn.cascade:find_faces",
    "engine.detection.mtcnn.cascade:pyramid_scales",
    "engine.detection.mtcnn.calibration:calibrate",
    "engine.detection.mtcnn.opened:OpenedCascade.trace",
)
