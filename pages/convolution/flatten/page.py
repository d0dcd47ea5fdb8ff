"""What does a network lose that flattens its picture at once?

Main control: share, how many of the pixels have changed places.
Sources: Zhang et al. 2017 (random pixels); LeCun et al. 1998 (weight sharing, local fields).
"""

import streamlit as st

from engine.serving.flatten.contract import CompareQuestion, Question
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM = "flatten"
CONTROLS = controls_of(Question)
FIRST = first_state(CONTROLS)


def written(layer: dict[str, int]) -> str:
    """A layer's parameters, reckoned out: in × out + out."""
    biases = f" + {layer['biases']:,}" if layer["biases"] else ""
    return f"{layer['inputs']:,} × {layer['outputs']:,}{biases} = {layer['params']:,}"


def show_result(found: Answer) -> None:
    """What each network has to learn for a picture of this size."""
    numbers: dict[str, str] = {}
    for name, rows in found["nets"].items():
        numbers[name] = f"{sum(row['params'] for row in rows):,}"
        numbers[f"{name}_first"] = written(rows[0])
    st.markdown(label(STEM, "result", side=found["side"], **numbers))
    ordered, shuffled = (f"{value:.2f}" for value in found["correlations"])
    left = {"whole": found["whole"], "windows": found["windows"]}
    word = "kept" if found["whole"] == found["windows"] else "some" if found["whole"] else "none"
    st.markdown(label(STEM, f"left_{word}", ordered=ordered, shuffled=shuffled, **left))


open_page(STEM)
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "none": FIRST | {"share": 0.0},
        "unlaid": FIRST | {"laid": 0},
        "few": FIRST | {"share": 0.05},
        "all": FIRST | {"share": 1.0},
        "large": FIRST | {"side": 64},
    },
)
values = stage(STEM, CONTROLS, source=STEM, fixed=picture)
when_answered(STEM, picture | values, show_result)
st.subheader(prose(STEM, "compare_title"), anchor=False)
st.markdown(prose(STEM, "compare"))
stage(
    STEM,
    controls_of(CompareQuestion, "data"),
    source=f"{STEM}/compare",
    fixed={"seed": values["seed"]},
    view="comparison",
)
predict_then_see(STEM)
read_more(STEM)
show_code(
    "engine.train.pixel_order:draw_pixel_order",
    "engine.train.pixel_order:reorder_columns",
    "engine.trainable.mlp:MLP",
    "engine.trainable.small_vgg:SmallVGG",
)
