"""How does a classifier become a detector? Slide a window and ask it everywhere.

Main control: threshold, from which on a window counts. It and the class are looked up in answers
that are there already; stride takes every n-th of them; another window size is another sweep.
Sources: Rowley, Baluja, Kanade 1998 (windows over a pyramid); Sandler et al. 2018 (MobileNetV2).
"""

from engine.serving.sliding_window.contract import GROUPS, SHAPES, Question
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

STEM = "sliding_window"
ORDER = (
    "threshold", "stride", "window", "scales", "target", "shown", "opacity", "cell", "class_index",
)  # fmt: skip


def controls() -> list[Control]:
    """What can be moved; the targets stand under the network that knows them."""
    heads = {"face": "faces"} | dict.fromkeys(("guess", "class", *GROUPS), "photo")
    heads |= dict.fromkeys(SHAPES, "drawn")
    groups = {name: label(STEM, f"group_{head}") for name, head in heads.items()}
    return controls_of(Question, *ORDER, options={"target": Options((), groups=groups)})


open_page(STEM)
moved = controls()
first = first_state(moved)
try_this(
    STEM,
    {
        "sparse": first | {"stride": 6},
        "rocket": first | {"target": "rocket", "stride": 1},
        "face": first | {"target": "face", "window": 20, "threshold": 99, "shown": "windows"},
        "squares": first | {"target": "square", "stride": 1, "shown": "windows"},
        "strict": first | {"target": "square", "stride": 1, "shown": "windows", "threshold": 95},
        "sizes": first | {"target": "circle", "window": 25, "scales": 3, "shown": "windows"},
    },
    samples={"rocket": "rocket", "face": "astronaut"},
)
stage(STEM, moved, source="sliding-window", fixed={"picture": current_picture().ref})
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.windows:crops",
    "engine.detection.dense_to_conv:sweep_crops",
    "engine.detection.hot_areas:find_hot_areas",
)
