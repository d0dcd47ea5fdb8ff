"""Networks, detectors and segmenters to choose from, as the engine lists them.

While the engine starts it lists nothing; what a link or the reader has chosen then stays chosen,
and the list follows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from pages.ui.download import offer_download
from pages.ui.engine import Progress, Refused, ask
from pages.ui.links import from_link
from pages.ui.words import label, labels_with_prefix

Kind = Literal["classifiers", "detectors", "segmenters"]
_NAME = re.compile(r"[a-z0-9_]{1,64}")


@dataclass(frozen=True)
class Listed:
    """One of them.

    Attributes:
        name, title: what the API calls it, and how one writes it.
        missing: why it is not at hand, as a sentence; None where it is.
        file_mib: size in MiB of weights that can be downloaded; None where there are none.
        family: what it is listed under, if anything.
        facts: everything that the engine says of it.
    """

    name: str
    title: str
    missing: str | None
    file_mib: float | None
    family: str
    facts: Mapping[str, Any]


def list_all(kind: Kind) -> dict[str, Listed]:
    """All of a kind by name, in the engine's order; nothing while the engine is not there."""
    try:
        listed = ask(kind)
    except Refused:
        return {}
    if isinstance(listed, Progress):
        return {}
    return {each["name"]: _read(each) for each in listed.about}


def _read(facts: dict[str, Any]) -> Listed:
    own = {name: facts[name] for name in ("name", "title", "missing", "file_mib")}
    return Listed(**own, family=facts.get("family", ""), facts=facts)


def names_of(found: Mapping[str, Listed], chosen: str, default: str) -> list[str]:
    """What a control list_all: all that was found, else what is chosen already and the default.

    Args:
        found: as :func:`list_all` returned it, or a part of it.
        chosen: what the reader or their link chose; text from outside.
        default: what is chosen where nothing was.
    """
    if found:
        return list(found)
    known = [chosen] if _NAME.fullmatch(chosen) else []
    return list(dict.fromkeys([*known, default]))


def chosen_before(stage: str, control: str) -> str:
    """What a control of a stage was last set to, by hand or by the link; "" where it was not."""
    kept = st.session_state.get(f"{stage}_state", {}).get("values", {}).get(control)
    return str(kept or from_link(control) or "")


def detector_titles(found: Mapping[str, Listed]) -> dict[str, str]:
    """What each detector is called, and what it looks for where that is one thing.

    Those that have a name of ours have it before the engine has listed them.
    """
    own = labels_with_prefix("detectors", "name_")
    return own | {name: own.get(name, offer.title) for name, offer in found.items()}


def detector_headings(found: Mapping[str, Listed]) -> dict[str, str]:
    """By the name of each detector: the heading it stands under."""
    return {name: label("detectors", f"family_{each.family}") for name, each in found.items()}


def show_missing(stem: str, kind: Kind, offer: Listed) -> None:
    """Why one of them has no answer, and a download where there is a file."""
    if offer.file_mib is None:
        st.info(offer.missing)
        return
    st.info(label(stem, "missing", title=offer.title, size=f"{offer.file_mib:.0f}"))
    offer_download(kind, offer.name, offer.title, key=offer.name)
