"""A download that a reader asks for: a button, then how far it is, and a button that stops it.

It runs beside the page as a job, and stops by itself when nobody asks for it any more.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.jobs import jobs
from pages.ui.words import label, language

if TYPE_CHECKING:
    from torchvision.models._api import WeightsEnum

_MIB = 2**20
_ASKED = "download"


def offer_download(
    name: str, title: str, find: "Callable[[], WeightsEnum]", key: str = "network"
) -> None:
    """The button, or how far the download is; the page runs again when the file is there.

    Args:
        name: what the download is kept under; one at a time is shown.
        title: what the button says is downloaded.
        find: which weights.
        key: the buttons' keys begin so.
    """
    if st.session_state.get(_ASKED) != name:
        text = label("classify", "network_get", title=title)
        st.button(text, on_click=_start, args=(name,), key=f"{key}_get")
        return
    _show(name, find)
    st.button(label("classify", "network_stop"), on_click=_stop, key=f"{key}_stop")


def _start(name: str) -> None:
    st.session_state[_ASKED] = name


def _stop() -> None:
    st.session_state.pop(_ASKED, None)  # a job that nobody asks for ends by itself


@st.fragment(run_every=0.5)
def _show(name: str, find: "Callable[[], WeightsEnum]") -> None:
    try:
        answer = jobs().ask(("download", name), lambda: _steps(name, find))
    except InputError as error:
        st.error(error.sentence(language()))
        return
    if isinstance(answer, Progress):
        done, total = (f"{size / _MIB:.1f}" for size in (answer.done, answer.total))
        text = label("classify", "network_coming", done=done, total=total)
        st.progress(min(1.0, answer.done / max(1, answer.total)), text)
    else:
        _stop()
        st.rerun()


def _steps(name: str, find: "Callable[[], WeightsEnum]") -> Iterator[Progress[str]]:
    from engine.nets.weights import download

    weights = find()
    expected = int(weights.meta["_file_size"] * _MIB)
    for step in download(weights):
        yield Progress(step.bytes_done, step.bytes_total or expected)
    yield Progress(expected, expected, name)
