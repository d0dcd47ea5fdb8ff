"""How does a classifier become a detector? Slide a window and ask it everywhere.

Main control: threshold, from which on a window counts. It and the class are looked up in answers
that are there already; stride takes every n-th of them; another window size is another sweep.
Sources: Rowley, Baluja, Kanade 1998 (windows over a pyramid); Sandler et al. 2018 (MobileNetV2).
"""

from engine.serving.sweeps import ANY, FACE, GROUPS, GUESS, SHAPES
from pages.ui.controls import Choice, Hidden, Slider
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

STEM = "sliding_window"
FIRST = {
    "threshold": 50, "stride": 2, "window": 30, "scales": 1, "target": GUESS, "shown": "areas",
    "cell": "", "class_index": "285",
}  # fmt: skip


def controls() -> list[Slider | Choice | Hidden]:
    """What can be moved; the targets stand under the network that knows them."""
    photo, drawn = label(STEM, "group_photo"), label(STEM, "group_drawn")
    headings = (
        {FACE: label(STEM, "group_faces")}
        | dict.fromkeys([*GROUPS, GUESS, ANY], photo)
        | dict.fromkeys(SHAPES, drawn)
    )
    return [
        Slider("threshold", 20, 99, default=50),
        Slider("stride", 1, 8, default=2),
        Slider("window", 20, 100, default=30, step=5),
        Slider("scales", 1, 3, default=1),
        Choice("target", [GUESS, *GROUPS, ANY, FACE, *SHAPES], GUESS, groups=headings),
        Choice("shown", ["areas", "windows"], default="areas"),
        Slider("opacity", 0, 100, default=60, unit="%"),
        Hidden("cell", r"(\d{1,3},\d{1,3})?"),
        Hidden("class_index", r"\d{1,3}", default="285"),
    ]


open_page(STEM)
stage(STEM, controls(), source="sliding-window", fixed={"picture": current_picture().ref})
try_this(
    STEM,
    {
        "sparse": FIRST | {"stride": 6},
        "rocket": FIRST | {"target": "rocket", "stride": 1},
        "face": FIRST | {"target": "face", "window": 20, "threshold": 99, "shown": "windows"},
        "squares": FIRST | {"target": "square", "stride": 1, "shown": "windows"},
        "strict": FIRST | {"target": "square", "stride": 1, "shown": "windows", "threshold": 95},
        "sizes": FIRST | {"target": "circle", "window": 25, "scales": 3, "shown": "windows"},
    },
    samples={"rocket": "rocket", "face": "astronaut"},
)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.detection.windows:crops",
    "engine.detection.dense_to_conv:sweep_crops",
    "engine.detection.hot_areas:find_hot_areas",
)
