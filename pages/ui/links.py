"""The state of a page in its link: language, picture and the committed values of the stage.

Streamlit drops query parameters that no widget binds when the page changes, and a component
cannot bind; so the frame collects what a link needs and writes it back in every run.
"""

import streamlit as st

_PENDING = "link_values"
FRAME_KEYS = ("lang", "pic")


def begin_link() -> None:
    """Forget what the last run collected; called by the frame before the page runs."""
    st.session_state[_PENDING] = {}


def put_in_link(values: dict[str, object]) -> None:
    """Have these values written into the link at the end of this run; None leaves one out."""
    st.session_state.setdefault(_PENDING, {}).update(values)


def from_link(name: str) -> str | None:
    """A value of the link that the page was opened with; hostile, to be checked by the caller."""
    return st.query_params.get(name)


def write_link() -> None:
    """Write what was collected into the address bar, leaving widgets' own parameters alone."""
    for name, value in st.session_state.get(_PENDING, {}).items():
        text = None if value is None else _text(value)
        if text is None:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != text:
            st.query_params[name] = text


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
