"""Choose any torchvision classifier; one whose weights are not at hand can be downloaded.

The download runs beside the page, shows how far it is, and stops when the page is left.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from engine.errors import InputError
from engine.explain.progress import Progress
from engine.serving.jobs import jobs
from pages.ui.links import from_link, put_in_link
from pages.ui.words import label, language

if TYPE_CHECKING:
    from engine.nets.catalog import Classifier

DEFAULT = "mobilenet_v2"
_CHOSEN = "network_chosen"
_MIB = 2**20


def choose_network(key: str = "model") -> str:
    """A select box of all classifiers; the name of the one that answers.

    Where the chosen network's weights are not at hand, they are offered for download and the
    default network answers meanwhile.
    """
    from engine.nets.catalog import at_hand, list_classifiers

    networks = {entry.name: entry for entry in list_classifiers()}
    # A widget's own value is gone once another page has run; the choice is to outlive that.
    wanted = st.session_state.get(key) or st.session_state.get(_CHOSEN) or from_link(key)
    if wanted not in networks:
        wanted = DEFAULT
    st.session_state[key] = wanted
    chosen = st.selectbox(
        label("classify", "network"),
        list(networks),
        key=key,
        format_func={name: _describe(entry) for name, entry in networks.items()}.__getitem__,
        help=label("classify", "network_help"),
        label_visibility="collapsed",
    )
    st.session_state[_CHOSEN] = chosen
    put_in_link({key: chosen if chosen != DEFAULT else None})
    if at_hand(chosen):
        return chosen
    _offer_download(networks[chosen], networks[DEFAULT].title)
    return DEFAULT


def _describe(entry: "Classifier") -> str:
    millions = f"{entry.num_params / 1e6:.1f}"
    accuracy = f"{entry.acc1_percent:.1f}"
    option = {"title": entry.title, "params": millions, "accuracy": accuracy}
    return label("classify", "network_option", **option)


def _offer_download(entry: "Classifier", current: str) -> None:
    size = f"{entry.file_mib:.0f}"
    st.info(label("classify", "network_absent", title=entry.title, size=size, current=current))
    if st.session_state.get("download") == entry.name:
        _show_download(entry.name)
        st.button(label("classify", "network_stop"), on_click=_stop, key="network_stop")
    else:
        text = label("classify", "network_get", title=entry.title)
        st.button(text, on_click=_start, args=(entry.name,), key="network_get")


def _start(name: str) -> None:
    st.session_state["download"] = name


def _stop() -> None:
    st.session_state.pop("download", None)  # a job that nobody asks for ends by itself


@st.fragment(run_every=0.5)
def _show_download(name: str) -> None:
    try:
        answer = jobs().ask(("download", name), lambda: _download(name))
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


def _download(name: str) -> Iterator[Progress[str]]:
    from engine.nets.catalog import find_classifier
    from engine.nets.weights import download

    entry = find_classifier(name)
    expected = int(entry.file_mib * _MIB)
    for step in download(entry.weights):
        yield Progress(step.bytes_done, step.bytes_total or expected)
    yield Progress(expected, expected, name)
