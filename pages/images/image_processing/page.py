"""Which operation removes this noise, and what else is done to a picture before a network sees it?

Main control: divider, between before and after; beside it stand the steps of the chain, each with a
main slider of its own that answers while it is dragged.
Sources: OpenCV 4 (imgproc, photo); Tukey 1977 (median); Tomasi and Manduchi 1998 (bilateral);
Buades, Coll and Morel 2005 (non-local means); Canny 1986; Otsu 1979; Zuiderveld 1994 (CLAHE).
"""

import streamlit as st

from engine.serving.image_processing.contract import FiltersQuestion, Question
from pages.images.image_processing.said import show_restored
from pages.ui.controls import controls_of, first_state
from pages.ui.engine import Answer
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.picture_picker import current_picture
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STEM, SOURCE = "image_processing", "image-processing"
CONTROLS = controls_of(Question, "divider", "before", "look", "chain", "step")
FIRST = first_state(CONTROLS)


def show_told(found: Answer) -> None:
    """How well the filter restores, and the whole chain as a script."""
    show_restored(found["restoring"])
    with st.expander(label(STEM, "code"), icon=":material/terminal:"):
        st.caption(label(STEM, "code_help"))
        st.code(found["code"], language="python")


open_page(STEM)
try_this(
    STEM,
    {
        "gaussian": FIRST | {"chain": "salt_and_pepper,10,1;gaussian_blur,3,0"},
        "gaussian_noise": FIRST | {"chain": "gaussian_noise,25,1;non_local_means,15,5,15"},
        "small": FIRST | {"chain": "resize,25,INTER_AREA;resize,400,INTER_CUBIC"},
        "clahe": FIRST | {"chain": "clahe,3,8"},
        "edges": FIRST | {"chain": "gaussian_blur,5,0;canny,200,100"},
        "otsu": FIRST | {"chain": "otsu,THRESH_BINARY"},
        "perspective": FIRST | {"chain": "perspective,150,100,950,0,1000,1000,50,850"},
    },
)
picture = {"picture": current_picture().ref}
values = stage(STEM, CONTROLS, source=SOURCE, fixed=picture, height_px=640)
asked = picture | {name: values[name] for name in ("chain", "step")}
when_answered(f"{SOURCE}/told", asked, show_told)
predict_then_see(STEM)
st.subheader(prose(STEM, "filters_title"), anchor=False)
st.markdown(prose(STEM, "filters"))
try_this(STEM, {"filters_gaussian": {"noise": "gaussian_noise"}}, view="filters")
stage(
    STEM,
    controls_of(FiltersQuestion, "noise"),
    source=f"{SOURCE}/filters",
    fixed=picture,
    view="filters",
    height_px=400,
)
st.markdown(label(STEM, "links"))
read_more(STEM)
show_code(
    "engine.processing.operation:Operation",
    "engine.processing.restoration:MedianBlur",
    "engine.processing.structure:Canny",
    "engine.processing.comparison:compare_filters",
    "engine.processing.chain:run_chain",
    "engine.processing.program:code_of",
)
