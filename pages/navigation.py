"""The frame and the list of pages: the only script that lies directly in ``pages/``.

A page's name in the list is its stem; its link has hyphens where the stem has underscores.
"""

from pathlib import Path

import streamlit as st

from pages.ui.frame import settle_language, show_frame
from pages.ui.links import begin_link, write_link
from pages.ui.words import label

ICON = Path(__file__).resolve().parents[1] / "assets" / "icon.png"
CHAPTERS = {
    "": ["start/home"],
}


def _page(path: str) -> st.Page:
    stem = path.rpartition("/")[2]
    home = stem == "home"
    url_path = "" if home else stem.replace("_", "-")
    title = label("shared", f"page_{stem}")
    return st.Page(f"{path}.py", title=title, url_path=url_path or None, default=home)


st.set_page_config(page_title="Fovea", page_icon=str(ICON), layout="wide")
begin_link()
settle_language()
sections = {
    label("shared", f"chapter_{chapter}") if chapter else "": [_page(path) for path in paths]
    for chapter, paths in CHAPTERS.items()
}
current = st.navigation(sections, position="top")
show_frame(current.url_path)
try:
    current.run()
finally:
    write_link()
