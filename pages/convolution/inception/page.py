"""Why does Inception put a 1×1 convolution before its large filters?

Main control: share, how many of the channels behind those 1×1 convolutions are kept.
Sources: Lin, Chen and Yan 2014 (1×1 convolution); Szegedy et al. 2015 (GoogLeNet); Szegedy et al.
2016 (two 3×3 for a 5×5, n×1 and 1×n).
"""

import streamlit as st

from engine.serving.inception.contract import (
    CostQuestion,
    NineQuestion,
    PixelQuestion,
    Question,
)
from pages.convolution.inception.said import (
    SOURCE,
    STEM,
    modules,
    offer_googlenet,
    show_cost,
    show_nine,
    show_pixel,
    show_result,
)
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

COSTS, NINE = controls_of(CostQuestion), controls_of(NineQuestion)
PIXEL = controls_of(PixelQuestion, "channel", "branch", "pixel")
COST = first_state(COSTS)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
moved = controls_of(Question, options={"module": modules()})
first = first_state(moved)
try_this(
    STEM,
    {
        "half": first | {"share": 50},
        "one": first | {"share": 1},
        "last": first | {"module": "c"},
    },
)
picture = {"picture": current_picture().ref}
values = stage(STEM, moved, source=SOURCE, fixed=picture, height_px=460)
when_answered(SOURCE, picture | values, show_result)
offer_googlenet()
predict_then_see(STEM)
part("pixel")
followed = picture | {"module": values["module"]}
pixel = stage(STEM, PIXEL, source=f"{SOURCE}/pixel", fixed=followed, view="pixel", height_px=460)
when_answered(f"{SOURCE}/pixel", followed | pixel, show_pixel)
part("cost")
try_this(
    STEM,
    {
        "too_broad": COST | {"width": 160},
        "even_channels": COST | {"inputs": 64, "width": 64, "filters": 64},
        "seven": COST | {"size": "7"},
        "params": COST | {"measure": "params"},
    },
    view="cost",
)
cost = stage(STEM, COSTS, source=f"{SOURCE}/cost", view="cost", height_px=400)
when_answered(f"{SOURCE}/cost", cost, show_cost)
part("nine")
nine = stage(STEM, NINE, source=f"{SOURCE}/nine", view="nine", height_px=340)
when_answered(f"{SOURCE}/nine", nine, show_nine)
read_more(STEM)
show_code(
    "engine.inception.module:InceptionModule",
    "engine.inception.opened:open_module",
    "engine.inception.bottleneck:narrow",
    "engine.inception.bottleneck:compose",
    "engine.inception.bottleneck:pixel_sum",
    "engine.inception.cost:build_way",
    "engine.inception.cost:count",
    "engine.inception.cost:measure_ms",
)
