"""What the page says of the years and of what networks cost, chosen by the numbers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.chapters import CHAPTERS
from pages.ui.controls import Value
from pages.ui.engine import Answer
from pages.ui.words import brief, label, told_apart

STEM, SOURCE = "history", "history"
UNITS = {"macs": 1e9, "params": 1e6}


def page_names() -> dict[str, str]:
    """What each page is called, for the links into it: ``page_<stem>``."""
    stems = [stem for chapter in CHAPTERS.values() for stem in chapter]
    return {f"page_{stem}": label("shared", f"page_{stem}") for stem in stems}


def show_past(found: Answer) -> None:
    """How many stations there are up to the year, thread by thread."""
    about = found.about
    if not about["past"]:
        st.markdown(label(STEM, "result_none", year=about["year"]))
        return
    threads = [
        label(STEM, "result_thread", thread=label(STEM, f"option_thread_{thread}"), past=past)
        for thread, past in about["by_thread"].items()
    ]
    told = {name: about[name] for name in ("year", "past", "all")}
    st.markdown(label(STEM, "result", threads=" · ".join(threads), **told))


def is_counted(found: Answer) -> bool:
    """Whether all networks have been counted: until then the lightest is not known."""
    return not found.about.get("unfinished")


def show_cost(found: Answer, asked: Mapping[str, Value]) -> None:
    """The challenge's error up to the year, and which way networks went."""
    about = found.about
    winner, human, first = about["winner"], about["human_percent"], about["winners"][0]
    error = winner["error_percent"]
    key = "below" if error < human else "above" if winner["learnt"] else "only"
    told = {"year": winner["year"], "team": winner["team"], "error": error, "human": human}
    began = {"first": first["error_percent"], "began": first["year"]}
    st.markdown(label(STEM, f"error_{key}", **told, **began))
    extremes = about["extremes"]
    if extremes is not None:
        cost = str(asked["cost"])
        said = _words(extremes, UNITS[cost]) | {"unit": label(STEM, f"unit_{cost}")}
        st.markdown(label(STEM, f"cost_{extremes['verdict']}", year=asked["until"], **said))


def _words(extremes: Mapping[str, Any], unit: float) -> dict[str, Any]:
    """The numbers of the lightest and the heaviest as people write them."""
    light, heavy = extremes["light"], extremes["heavy"]
    light_value, heavy_value = told_apart(light["value"] / unit, heavy["value"] / unit)
    return {
        "measure": brief(extremes["measure"] / unit),
        "light": light["title"],
        "light_year": light["year"],
        "light_value": light_value,
        "light_part": brief(1 / light["times"], 2),
        "heavy": heavy["title"],
        "heavy_year": heavy["year"],
        "heavy_value": heavy_value,
        "heavy_times": brief(heavy["times"], 2),
    }
