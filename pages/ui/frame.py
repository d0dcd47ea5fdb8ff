"""The frame around every page: pictures, language and link in one row below the navigation."""

from pathlib import Path

import streamlit as st

from pages.ui.chapters import CHAPTERS, chapter_of
from pages.ui.component import component
from pages.ui.engine.state import show_engine_state
from pages.ui.links import from_link, put_in_link
from pages.ui.picture_picker import settle_picture, show_notice, show_picker
from pages.ui.words import LANGUAGES, label, language, prose

_COPY_JS = Path(__file__).with_name("copy_link.js").read_text(encoding="utf-8")
_COPY_CSS = """
button { font: inherit; color: inherit; background: var(--st-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  padding: 0 12px; height: 2.5rem; white-space: nowrap; }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_copy = component(
    "fovea_copy_link",
    html='<button type="button" data-testid="copy-link"></button>',
    css=_COPY_CSS,
    js=_COPY_JS,
)
_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_window = component("fovea_window", html="<span hidden></span>", js=_SCRIPT)


def settle_language() -> None:
    """The language of this run: what was chosen, else the link's, else the browser's."""
    if "lang" not in st.session_state:
        asked = from_link("lang")
        browser = (st.context.locale or "en")[:2]
        known = [lang for lang in (asked, browser) if lang in LANGUAGES]
        st.session_state.lang = known[0] if known else "en"
    put_in_link({"lang": language()})


def show_frame(stem: str, uses_picture: bool) -> None:
    """The row of controls that belong to the whole app, and the page's title.

    Where the page has no use for the picture its strip is left out, and the title stands there.
    """
    settle_picture(stem)
    with st.container(horizontal=True, vertical_alignment="center", key="frame"):
        if uses_picture:
            show_picker(stem)
        else:
            _show_title(stem)
        st.space("stretch")
        _show_language_and_link()
    show_engine_state()
    show_notice()
    if uses_picture:
        _show_title(stem)
    chapter = chapter_of(stem)
    name = label("shared", f"chapter_{chapter}") if chapter in CHAPTERS else ""
    _window(key="window", data={"lang": language(), "chapter": name}, height="content")


def _show_title(stem: str) -> None:
    st.title(prose(stem, "title"), anchor=False, width="content")


def _show_language_and_link() -> None:
    st.segmented_control(
        "Language · 언어",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        default=language(),
        required=True,
        key="frame_language",
        on_change=_choose_language,
        label_visibility="collapsed",
    )
    _copy(
        key="copy_link",
        data={"label": label("shared", "copy_link"), "done": label("shared", "copy_link_done")},
        width="content",
    )


def _choose_language() -> None:
    st.session_state.lang = st.session_state.frame_language
