"""What Fovea is, in one screen: the learner's picture going down a real network, and the path.

Main control: depth, how far down the network to look.
"""

import streamlit as st

from pages.ui.page import open_page
from pages.ui.words import label, prose

PATH = (
    ("images", "pixels"),
    ("images", "classify"),
    ("convolution", "filter_sliding"),
    ("convolution", "feature_maps"),
)

open_page("home")
