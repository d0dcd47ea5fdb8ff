"""A download that a reader asks for: a button, then how far it is, and a button that stops it.

The engine downloads, and stops by itself when nobody asks for it any more.
"""

import streamlit as st

from pages.ui.engine import Refused, send
from pages.ui.words import label

_MIB = 2**20
_ASKED, _FAILED = "download", "download_failed"
_AWAY = 503


def offer_download(kind: str, name: str, title: str, key: str = "network") -> None:
    """The button, or how far the download is; the page runs again when the file is there.

    Args:
        kind: "classifiers", "detectors" or "segmenters".
        name: which of them; one download at a time is shown.
        title: what the button says is downloaded.
        key: the buttons' keys begin so.
    """
    if st.session_state.get(_ASKED) != name:
        failed, why = st.session_state.get(_FAILED, ("", ""))
        if failed == name:
            st.error(why)
        text = label("classify", "network_get", title=title)
        st.button(text, on_click=_start, args=(name,), key=f"{key}_get")
        return
    _show(kind, name)
    st.button(label("classify", "network_stop"), on_click=_stop, key=f"{key}_stop")


def _start(name: str) -> None:
    st.session_state[_ASKED] = name
    st.session_state.pop(_FAILED, None)


def _stop() -> None:
    st.session_state.pop(_ASKED, None)  # a job that nobody asks for ends by itself


@st.fragment(run_every=0.5)
def _show(kind: str, name: str) -> None:
    try:
        answer = send("POST", f"downloads/{kind}/{name}")
    except Refused as refused:
        if refused.status == _AWAY:
            st.caption(refused.sentence)  # the engine is coming back
            return
        st.session_state[_FAILED] = name, refused.sentence
        _stop()  # asked again it would begin again
        st.rerun()
    if "name" in answer.about:
        _stop()
        st.rerun()
    done, total = (f"{answer[size] / _MIB:.1f}" for size in ("done", "total"))
    text = label("classify", "network_coming", done=done, total=total)
    st.progress(min(1.0, answer["done"] / max(1, answer["total"])), text)
