"""What Fovea is, in one screen: the learner's picture going down a real network, and the path.

Main control: depth, how far down the network to look.
"""

import streamlit as st

from engine.serving.home.contract import Question
from engine.serving.pictures.contract import FILE_MB
from pages.start.home.path import show_path
from pages.start.home.running import describe_running
from pages.ui.controls import controls_of
from pages.ui.page import open_page
from pages.ui.picture_picker import current_picture
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import label, prose

STAGE_PX = 300

open_page("home")
stage(
    "home",
    controls_of(Question),
    source="home",
    fixed={"picture": current_picture().ref},
    height_px=STAGE_PX,
)
show_path()
running = describe_running()
for section in ("order", "photo", "running"):
    with st.expander(label("home", f"section_{section}")):
        st.markdown(prose("home", section, file_mb=FILE_MB, **running))
show_code("engine.nets.features:channel_strength", "engine.nets.classify:top_k")
