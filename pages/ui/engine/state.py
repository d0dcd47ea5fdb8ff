"""What there is to say of the engine above every page: that it is away, or of another version."""

import streamlit as st

from engine.errors import InputError
from pages.ui.engine.place import place
from pages.ui.words import language

LOOK_AGAIN_S = 2.0


def show_engine_state() -> None:
    """Say it while it is so; one that is starting is no trouble, the stage says how far it is."""
    address = place().address
    if address is None and not place().is_starting:
        _wait_until_it_is_back()
    elif address is not None and address.differs:
        st.warning(InputError("engine_differs", status=503).sentence(language()))


@st.fragment(run_every=LOOK_AGAIN_S)
def _wait_until_it_is_back() -> None:
    if place().address is not None:
        st.rerun()
    st.warning(place().trouble.sentence(language()))
