"""The parts that every page has, in the order in which every page has them."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.ui.component import component
from pages.ui.controls import Value
from pages.ui.frame import show_frame
from pages.ui.picture_picker import choose_sample
from pages.ui.stage import set_stage, stage_name
from pages.ui.words import has_prose, label, prose

_TRY_JS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_quick_try = component("fovea_try", html="<span hidden></span>", js=_TRY_JS)


def open_page(stem: str, *, uses_picture: bool = True) -> None:
    """The frame, the question as the title and one short paragraph above the picture.

    ``uses_picture`` says whether the page looks at the learner's picture; where it does not, the
    strip of pictures is not offered.
    """
    show_frame(stem, uses_picture)
    st.markdown(prose(stem, "lead"))


def try_this(
    stem: str,
    settings: Mapping[str, Mapping[str, Value]],
    view: str | None = None,
    samples: Mapping[str, str] | None = None,
) -> None:
    """Buttons that set the stage to a telling state; labels come from ``try_<name>``.

    Called before the stage that they set, so that they stand above it on the first screen.

    ``view`` names a second stage of the page, as in :func:`pages.ui.stage.stage`. ``samples`` names
    the sample picture that a state needs, where it needs one.
    """
    samples = samples or {}
    shown = stage_name(stem, view)
    row = {"horizontal": True, "vertical_alignment": "center", "gap": "small"}
    with st.container(key=f"tries_{shown}", **row):
        st.caption(label("shared", "try_this"), width="content")
        for name, values in settings.items():
            st.button(
                label(stem, f"try_{name}"),
                key=f"{shown}_try_{name}",
                type="secondary",
                on_click=_try,
                args=(shown, values, samples.get(name)),
            )
        quick = {name: dict(values) for name, values in settings.items()}
        told = {"stage": shown, "settings": quick, "samples": dict(samples)}
        _quick_try(key=f"unseen_{shown}_try", data=told, height="content", width="content")


def _try(shown: str, values: Mapping[str, Value], sample: str | None) -> None:
    set_stage(shown, **values)
    if sample is not None:
        choose_sample(sample)


def predict_then_see(stem: str, **params: object) -> None:
    """A question to think about; its answer stays hidden until asked for."""
    st.markdown(f"**{label('shared', 'predict')}** {prose(stem, 'predict_question')}")
    with st.expander(label("shared", "predict_answer")):
        st.markdown(prose(stem, "predict_answer", **params))


def read_more(stem: str, **params: object) -> None:
    """The page's longer text, and what the course notes say that is loose or wrong.

    ``params`` fill the placeholders of both: numbers that the engine has measured.
    """
    for section in ("more", "notes"):
        if has_prose(stem, section):
            with st.expander(label("shared", f"section_{section}")):
                st.markdown(prose(stem, section, **params))
