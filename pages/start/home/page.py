"""What Fovea is, in one screen: the learner's picture going down a real network, and the path.

Main control: depth, how far down the network to look.
"""

import streamlit as st

from engine.serving.home.contract import Question
from pages.ui.chapters import CHAPTERS
from pages.ui.controls import controls_of
from pages.ui.page import open_page
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label

CARD_PX = 268

open_page("home")
stage(
    "home",
    controls_of(Question),
    source="home",
    fixed={"picture": current_picture().ref},
)
with st.container(horizontal=True, gap="small"):
    for chapter, stems in CHAPTERS.items():
        for stem in stems:
            with st.container(border=True, width=CARD_PX, height="stretch"):
                st.caption(label("shared", f"chapter_{chapter}"))
                st.page_link(f"{chapter}/{stem}/page.py", label=label("shared", f"page_{stem}"))
                st.markdown(label("home", f"about_{stem}"))
show_code("engine.nets.features:channel_strength", "engine.nets.classify:top_k")
