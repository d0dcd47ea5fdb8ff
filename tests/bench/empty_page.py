"""The floor: an empty rerun. One slider and one line of text that changes with it."""

import streamlit as st

number = st.slider("number", 0, 10_000, key="empty_number")
st.text(f"number {number}")
