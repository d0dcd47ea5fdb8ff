"""The state of a page in its link: language, picture and the committed values of the stage.

Streamlit drops query parameters that no widget binds when the page changes, and a component cannot
bind; so the frame collects what a link needs and writes it back in every run. It is written in the
browser, over the entry that is there: ``st.query_params`` would add an entry to the browser's
history with every commit, and "back" would seem dead for as many presses.
"""

from pathlib import Path

import streamlit as st

from pages.ui.component import component

_PENDING = "link_values"
_JS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_link = component("fovea_link", html="<span hidden></span>", js=_JS)


def begin_link() -> None:
    """Forget what the last run collected; called by the frame before the page runs."""
    st.session_state[_PENDING] = {}


def put_in_link(values: dict[str, object]) -> None:
    """Have these values written into the link at the end of this run; None leaves one out."""
    texts = {name: None if value is None else _text(value) for name, value in values.items()}
    st.session_state.setdefault(_PENDING, {}).update(texts)


def from_link(name: str) -> str | None:
    """A value of the link that the page was opened with; hostile, to be checked by the caller."""
    return st.query_params.get(name)


def write_link() -> None:
    """Write what was collected into the address bar, leaving what else stands there alone."""
    _link(key="link", data={"values": st.session_state.get(_PENDING, {})}, height="content")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
