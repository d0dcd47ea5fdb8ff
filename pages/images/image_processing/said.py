"""What the page says of a filter: the words follow the numbers."""

from typing import Any

import streamlit as st

from pages.ui.words import label

STEM = "image_processing"


def decibels(value: float | str) -> str:
    """A PSNR in words; "equal" stands for the infinite one."""
    return label(STEM, "stage_equal") if value == "equal" else f"{float(value):.1f} dB"


def show_restored(found: dict[str, Any] | None) -> None:
    """What the first filter after noise made of it, and what the others would have."""
    if found is None:
        return
    reached, noisy, others = found["reached_db"], found["noisy_db"], found["others_db"]
    best = max(others, key=lambda name: _number(others[name]))
    if _number(reached) <= _number(noisy):
        key = "restored_worse"
    else:
        key = "restored_best" if _number(reached) >= _number(others[best]) else "restored_beaten"
    told = {
        "filter": _name(found["filter"]),
        "noise": _name(found["noise"]),
        "noisy": decibels(noisy),
        "reached": decibels(reached),
        "best": _name(best),
        "best_db": decibels(others[best]),
        "others": ", ".join(
            label(STEM, "rival", filter=_name(name), reached=decibels(value))
            for name, value in others.items()
        ),
    }
    st.markdown(label(STEM, key, **told))


def _name(operation: str) -> str:
    return label(STEM, f"stage_op_{operation}")


def _number(value: float | str) -> float:
    return float("inf") if value == "equal" else float(value)
