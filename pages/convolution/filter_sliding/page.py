"""A filter slides over a picture; each output cell is a patch times the filter, added up.

Main control: stride. It moves the output while dragging, and everything else can be read off it:
which patch made which cell, what the sum was, and why the output has the size that it has.

Sources: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016); OpenCV
(the kernels); torchvision's MobileNetV2 (the learnt filters).
"""

import streamlit as st

from engine.serving.filter_sliding.contract import LEARNT, Question
from pages.ui.controls import Control, Options, controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

FIRST = first_state(controls_of(Question))
CLASSIC = FIRST | {"kernel_size": 5, "filters": 6, "colour": True}


def controls() -> list[Control]:
    """What can be moved; the labels of the network's filters are built here, not translated."""
    named = {name: label("filter_sliding", "learnt", index=i) for i, name in enumerate(LEARNT)}
    headings = dict.fromkeys(LEARNT, label("filter_sliding", "group_learnt"))
    return controls_of(Question, options={"preset": Options((), named, headings)})


def told(cost: Answer) -> dict[str, str]:
    """What the texts say of a layer, measured on the real one."""
    channels, height, width = cost["input_shape"]
    filters, out_height, out_width = cost["output_shape"]
    return {
        "input": f"{height} × {width} × {channels}",
        "output": f"{out_height} × {out_width} × {filters}",
        "parameters": f"{cost['parameters']:,}",
        "multiply_adds": f"{cost['multiply_adds']:,}",
        "dense": f"{cost['dense_parameters']:,}",
    }


def show_result(cost: Answer) -> None:
    """What the layer costs, in words."""
    st.markdown(label("filter_sliding", "result", **told(cost)))


def predict(cost: Answer) -> None:
    """The question, and what its layer costs."""
    predict_then_see("filter_sliding", **told(cost))


open_page("filter_sliding")
try_this(
    "filter_sliding",
    {
        "numbers": FIRST | {"scene": "tiny", "spot": "50,45,40", "cell": "2,2"},
        "classic": CLASSIC,
        "same": FIRST | {"same": True, "kernel_size": 5, "preset": "gaussian"},
        "halves": FIRST | {"stride": 2, "padding": 1, "preset": "edge"},
        "dilated": FIRST | {"dilation": 3, "preset": "laplacian"},
        "transposed": FIRST | {"scene": "tiny", "transposed": True, "stride": 2, "cell": "6,6"},
        "signal": FIRST | {"scene": "signal", "preset": "derivative", "cell": "0,9"},
        "learnt": FIRST | {"colour": True, "preset": "net_0", "filters": 6, "scene": "crop64"},
    },
)
values = stage(
    "filter_sliding",
    controls(),
    source="filter-sliding",
    height_px=540,
    fixed={"picture": current_picture().ref},
)
when_answered("filter-sliding/cost", values, show_result)
when_answered("filter-sliding/cost", CLASSIC, predict)
read_more("filter_sliding")
show_code(
    "engine.convolution.conv2d:conv2d",
    "engine.convolution.conv2d:conv_transpose2d",
    "engine.convolution.shapes:layer_cost",
)
