"""Choose any torchvision classifier; one whose weights are not at hand can be downloaded.

The download runs beside the page, shows how far it is, and stops when the page is left.
"""

from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.download import offer_download
from pages.ui.links import from_link, put_in_link
from pages.ui.words import label

if TYPE_CHECKING:
    from engine.nets.catalog import Classifier

DEFAULT = "mobilenet_v2"
_CHOSEN = "network_chosen"


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
    offer_download(entry.name, entry.title, lambda: entry.weights)
