"""From three maps to segments: peaks, arrows, votes, stuff, and what every threshold costs in PQ.

Main control: threshold, how high a peak of the centre map must be. Moving it asks the fusion
again and not the net.
Sources: Cheng et al. 2020 (Panoptic-DeepLab); Kirillov et al. 2019 (PQ = SQ × RQ).
"""

from engine.serving.panoptic_fusion.contract import Question
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.show_code import show_code
from pages.ui.stage import stage

STEM = "panoptic_fusion"
SCENE = "segmentation_types"  # the words for scenes, classes and figures
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)

open_page(STEM, uses_picture=False)
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
stage(STEM, CONTROLS, source="panoptic-fusion", words=[SCENE])
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.segment.fusion:fuse",
    "engine.segment.fusion:find_peaks",
    "engine.segment.fusion:group",
    "engine.segment.panoptic_quality:judge_segments",
    "engine.segment.panoptic_quality:Quality",
)
