"""The frame around every page: the only script that lies directly in ``pages/``."""

import os
from pathlib import Path

import streamlit as st

from pages.ui.chapters import CHAPTERS, url_path
from pages.ui.frame import settle_language
from pages.ui.links import begin_link, write_link
from pages.ui.words import label

ICON = Path(__file__).resolve().parents[1] / "assets" / "icon.png"


def _page(chapter: str, stem: str) -> st.Page:
    title = label("shared", f"page_{stem}")
    return st.Page(f"{chapter}/{stem}/page.py", title=title, url_path=url_path(stem))


# FOVEA_EXTRA_PAGE: absolute path of a script, served hidden at /extra and without the frame, so
# that ``tests/bench`` can measure an empty rerun on the server that it measures the pages on.
script = os.environ.get("FOVEA_EXTRA_PAGE")
extra = [st.Page(script, url_path="extra", visibility="hidden")] if script else []

st.set_page_config(page_title="Fovea", page_icon=str(ICON), layout="wide")
begin_link()
settle_language()
home = st.Page("start/home/page.py", title=label("shared", "page_home"), default=True)
sections = {"": [home, *extra]} | {
    label("shared", f"chapter_{chapter}"): [_page(chapter, stem) for stem in stems]
    for chapter, stems in CHAPTERS.items()
    if stems
}
current = st.navigation(sections, position="top")
if current in extra:
    current.run()
else:
    if current != home:  # tabs, bookmarks and the browser's history tell pages apart
        st.set_page_config(page_title=f"{current.title} · Fovea")
    try:
        current.run()
    finally:
        write_link()
