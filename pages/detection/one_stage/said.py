"""What the page says of its measurements: the words follow the numbers."""

import streamlit as st

from pages.ui.engine import Answer
from pages.ui.words import brief, label

STEM = "one_stage"


def won(rows: int, sizes: list[float] | None) -> str:
    """At which sizes a grid wins, in words."""
    if sizes is None:
        return label(STEM, "won_never", rows=rows)
    low, high = (round(size) for size in sizes)
    key = "won_once" if low == high else "won_range"
    return label(STEM, key, rows=rows, low=low, high=high)


def sure(rows: int, size: float | None) -> str:
    """From which size on a grid is sure, in words."""
    if size is None:
        return label(STEM, "sure_never", rows=rows)
    return label(STEM, "sure_from", rows=rows, size=round(size))


def show_verdicts(found: Answer) -> None:
    """What the two sentences of the notes are worth on this picture."""
    rows = [rows for rows, _ in found["grids"]]
    for name, parts in (
        ("map", map(won, rows, found["won_px"])),
        ("grid", map(sure, rows, found["smallest_px"])),
    ):
        told = {"name": found["name"], "sure": found["sure"], "parts": ", ".join(parts)}
        st.markdown(label(STEM, f"verdict_{name}_{found[f'{name}_verdict']}", **told))


def show_carried(found: Answer) -> None:
    """What the easy answers carry of the loss."""
    plain, focal = (round(100 * found[f"easy_{name}"], 1) for name in ("plain", "focal"))
    key = "focal_falls" if focal < plain else "focal_rises" if focal > plain else "focal_same"
    easy = round(100 * found["easy"], 1)
    told = {"easy": easy, "plain": plain, "focal": focal, "rest": round(100 - easy, 1)}
    st.markdown(label(STEM, key, gamma=brief(found["gamma"]), **told))
