"""Choose any torchvision classifier; one whose weights are missing can be downloaded.

The download runs beside the page, shows how far it is, and stops when the page is left.
"""

import streamlit as st

from pages.ui.download import offer_download
from pages.ui.links import from_link, put_in_link
from pages.ui.offered import Listed, list_all, names_of
from pages.ui.words import label

DEFAULT = "mobilenet_v2"
_CHOSEN = "network_chosen"


def choose_network(key: str = "model") -> str:
    """A select box of all classifiers; the name of the one that answers.

    Where the chosen network's weights are not at hand, they are offered for download and the
    default network answers meanwhile.
    """
    networks = list_all("classifiers")
    # A widget's own value is gone once another page has run; the choice is to outlive that.
    wanted = st.session_state.get(key) or st.session_state.get(_CHOSEN) or from_link(key)
    names = names_of(networks, wanted or "", DEFAULT)
    if wanted not in names:
        wanted = DEFAULT
    st.session_state[key] = wanted
    described = {name: _describe(network) for name, network in networks.items()}
    chosen = st.selectbox(
        label("classify", "network"),
        names,
        key=key,
        format_func=lambda name: described.get(str(name), str(name)),
        help=label("classify", "network_help"),
        label_visibility="collapsed",
    )
    st.session_state[_CHOSEN] = chosen
    put_in_link({key: chosen if chosen != DEFAULT else None})
    if not networks or networks[chosen].missing is None:
        return chosen
    _offer_download(networks[chosen], networks[DEFAULT].title)
    return DEFAULT


def _describe(network: Listed) -> str:
    millions = f"{network.facts['num_params'] / 1e6:.1f}"
    accuracy = f"{network.facts['acc1_percent']:.1f}"
    option = {"title": network.title, "params": millions, "accuracy": accuracy}
    return label("classify", "network_option", **option)


def _offer_download(network: Listed, current: str) -> None:
    size = f"{network.file_mib:.0f}"
    st.info(label("classify", "network_absent", title=network.title, size=size, current=current))
    offer_download("classifiers", network.name, network.title)
