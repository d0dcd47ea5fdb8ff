"""Home's path: every page in the course's order, with its question and a live thumbnail."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.chapters import CHAPTERS, url_path
from pages.ui.component import component
from pages.ui.first_style import room_key
from pages.ui.picture_picker import current_picture
from pages.ui.stage_files import module_loader
from pages.ui.words import label, labels_with_prefix, language, prose

ROOM_PX = 1000  # kept free until it is there
_CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_path = component(
    "fovea_path",
    html='<nav class="path"></nav>',
    css=_CSS,
    js=module_loader("start/home/path.js"),
)


def show_path() -> None:
    """Show it; a page that is chosen opens in this session, with its picture and language."""
    with st.container(key=room_key("home_path", ROOM_PX)):
        _path(key="home_path", data=_describe())
    # What the browser presses for a card: opening a page from a run of this one would cost that
    # run, and leave its elements in the browser's memory (Streamlit 1.67).
    with st.container(key="unseen_pages"):
        for chapter, stems in CHAPTERS.items():
            for stem in stems:
                st.page_link(f"{chapter}/{stem}/page.py", label=label("shared", f"page_{stem}"))


def _describe() -> dict[str, Any]:
    """All that the browser needs, in the reader's language."""
    return {
        "page": url_path("home"),
        "lang": language(),
        "picture": current_picture().ref,
        "title": label("home", "path"),
        "working": label("shared", "stage_words_stage_working"),
        "chapters": [
            {
                "name": label("shared", f"chapter_{chapter}"),
                "pages": [_page(stem) for stem in stems],
            }
            for chapter, stems in CHAPTERS.items()
        ],
    }


def _page(stem: str) -> dict[str, str]:
    """``seen`` are the words for its thumbnail; a page that has none needs none."""
    return {
        "stem": stem,
        "url": url_path(stem),
        "name": label("shared", f"page_{stem}"),
        "question": prose(stem, "title"),
        "seen": labels_with_prefix(stem, "thumbnail").get("", ""),
    }
