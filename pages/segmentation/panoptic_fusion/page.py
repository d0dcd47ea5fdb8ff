"""From three maps to segments: peaks, arrows, votes, stuff, and what every threshold costs in PQ.

Main control: threshold, how high a peak of the centre map must be. Moving it asks the fusion
again and not the net.
Sources: Cheng et al. 2020 (Panoptic-DeepLab); Kirillov et al. 2019 (PQ = SQ × RQ).
"""

from engine.serving.panoptic_scenes import MOST_THINGS, SHOWN_SCENES
from pages.ui.controls import Hidden, Slider, Toggle
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage

STEM = "panoptic_fusion"
SCENE = "segmentation_types"  # the words for scenes, classes and figures
FIRST = {
    "threshold": 0.3, "step": 7, "window": 7, "stuff_area": 64, "errors": True, "pixel": "",
    "scene": 34, "things": 7, "difficulty": 0.3, "overlap": 0.3,
}  # fmt: skip

open_page(STEM)
stage(
    STEM,
    [
        Slider("threshold", 0, 1, default=0.3, step=0.02),
        Slider("step", 1, 7, default=7),
        Slider("window", 1, 31, default=7, step=2, unit="px"),
        Slider("stuff_area", 0, 4000, default=64, step=16, unit="px"),
        Toggle("errors", default=True),
        Slider("scene", 1, SHOWN_SCENES, default=34),
        Slider("things", 0, MOST_THINGS, default=7, group="drawing"),
        Slider("difficulty", 0, 1, default=0.3, step=0.1, group="drawing"),
        Slider("overlap", 0, 0.6, default=0.3, step=0.05, group="drawing"),
        Hidden("pixel", r"(\d{1,2},\d{1,2})?"),
    ],
    source="panoptic-fusion",
    words=[SCENE],
)
try_this(
    STEM,
    {
        "arrows": FIRST | {"step": 4},
        "high": FIRST | {"threshold": 0.8},
        "low": FIRST | {"threshold": 0.02, "window": 1},
        "wide": FIRST | {"window": 31},
        "stuff": FIRST | {"stuff_area": 2000},
    },
)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.segment.fusion:fuse",
    "engine.segment.fusion:find_peaks",
    "engine.segment.fusion:group",
    "engine.segment.panoptic_quality:judge_segments",
    "engine.segment.panoptic_quality:Quality",
)
