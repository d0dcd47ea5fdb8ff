"""What does a picture lose when it becomes a file, and is PNG always the best one?

Main control: quality, of the file that Pillow's own encoders write while it is dragged.

Sources: ITU-T T.81 (JPEG, 1992); W3C PNG (third edition); Wang et al. 2004 (SSIM).
"""

import streamlit as st

from engine.serving.png_jpeg.contract import (
    AgainQuestion,
    BlockQuestion,
    CurvesQuestion,
    PngQuestion,
    Question,
)
from pages.images.png_jpeg.said import show_changes, show_generations, show_prediction, show_result
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

STEM = "png_jpeg"
SOURCE = "png-jpeg"
WRITTEN = controls_of(Question)
OPENED = controls_of(BlockQuestion)
SAVED = controls_of(AgainQuestion)
FIRST, BLOCK, AGAIN = first_state(WRITTEN), first_state(OPENED), first_state(SAVED)


def part(name: str) -> None:
    """A heading and a short paragraph above the next stage."""
    st.subheader(prose(STEM, f"{name}_title"), anchor=False)
    st.markdown(prose(STEM, name))


open_page(STEM)
picture = {"picture": current_picture().ref}
try_this(
    STEM,
    {
        "usual": FIRST | {"quality": 75},
        "webp": FIRST | {"form": "webp", "against": "jpeg", "against_quality": 10},
        "letters": FIRST | {"subject": "drawing", "lens": "400,220"},
        "noise": FIRST | {"subject": "noise", "quality": 90},
    },
)
values = stage(STEM, WRITTEN, source=SOURCE, fixed=picture, height_px=440)
when_answered(SOURCE, picture | values, show_result)
when_answered(f"{SOURCE}/subjects", picture, show_prediction)
subject = picture | {"subject": values["subject"]}
part("block")
try_this(
    STEM,
    {
        "coarse": BLOCK | {"block_quality": 5},
        "fine": BLOCK | {"block_quality": 95},
        "colour": BLOCK | {"component": "cb"},
        "full": BLOCK | {"component": "cb", "chroma": "4:4:4"},
    },
    view="block",
)
stage(
    STEM,
    OPENED,
    source=f"{SOURCE}/block",
    fixed=subject,
    view="block",
    height_px=620,
)
part("png")
stage(STEM, controls_of(PngQuestion), source=f"{SOURCE}/png", fixed=subject, view="png")
part("again")
try_this(
    STEM,
    {
        "tenth_same": AGAIN | {"between": "nothing"},
        "tenth_crop": AGAIN,
        "tenth_low": AGAIN | {"again_quality": 50},
    },
    view="again",
)
saved = stage(STEM, SAVED, source=f"{SOURCE}/again", fixed=subject, view="again", height_px=560)
when_answered(f"{SOURCE}/again", subject | saved, show_generations)
part("curves")
charted = stage(
    STEM,
    controls_of(CurvesQuestion),
    source=f"{SOURCE}/curves",
    fixed=subject,
    view="curves",
    height_px=640,
)
when_answered(f"{SOURCE}/curves", subject | charted, show_changes)
read_more(STEM)
show_code(
    "engine.codecs.encoders:encode",
    "engine.codecs.likeness:ssim",
    "engine.codecs.jpeg.transform:dct",
    "engine.codecs.jpeg.transform:quantise",
    "engine.codecs.jpeg.colour:grow",
    "engine.codecs.jpeg.opened:open_block",
    "engine.codecs.png.filters:foretold",
    "engine.codecs.png.inflate:inflate",
    "engine.codecs.generations:save_again",
)
