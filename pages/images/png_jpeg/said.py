"""What the page says of its measurements: the words follow the numbers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.engine import Answer
from pages.ui.page import predict_then_see
from pages.ui.words import label

STEM = "png_jpeg"
#: From which PSNR in dB on an error is hardly seen, and from which on only from near.
_HARDLY, _NEAR = 40, 30
#: A most probable class below this is said with doubt.
_UNSURE = 0.2
#: A save that changes a smaller share of the pixels has nothing left to lose.
_SETTLED = 0.1


def show_result(found: Answer) -> None:
    """What the file takes, and whether anybody sees what it lost."""
    shown = found["shown"]
    named = label(STEM, f"option_form_{shown['form']}")
    told = {
        "form": f"{named} {shown['quality'] or ''}".strip(),
        "bytes": shown["file_bytes"],
        "percent": 100 * shown["file_bytes"] / found["raw_bytes"],
        "raw": found["raw_bytes"],
    }
    sentence = label(STEM, "result", **told)
    st.markdown(f"{sentence} {label(STEM, _seen(shown['psnr_db']), psnr_db=shown['psnr_db'])}")


def _seen(psnr_db: float | None) -> str:
    if psnr_db is None:
        return "seen_exact"
    if psnr_db >= _HARDLY:
        return "seen_hardly"
    return "seen_near" if psnr_db >= _NEAR else "seen_plainly"


def show_prediction(found: Answer) -> None:
    """Which file is the smaller one, subject by subject, and what the notes' sentence is worth."""
    subjects = found["subjects"]
    rows = [label(STEM, "subjects_head"), "|---|--:|--:|--:|---|"]
    rows += [_row(each) for each in subjects]
    where = [each["subject"] for each in subjects if each["smaller"] == "png"]
    names = ", ".join(label(STEM, f"option_subject_{name}") for name in where)
    key = {0: "none", len(subjects): "all"}.get(len(where), "some")
    verdict = label(STEM, f"verdict_{key}", names=names)
    predict_then_see(STEM, table="\n".join(rows), verdict=verdict)


def _row(weighed: Answer) -> str:
    png, jpeg = weighed["png"], weighed["jpeg"]
    exact = jpeg["psnr_db"] is None
    loss = label(STEM, "loss_none" if exact else "loss_psnr", psnr_db=jpeg["psnr_db"])
    return label(
        STEM,
        "subjects_row",
        name=label(STEM, f"option_subject_{weighed['subject']}"),
        raw=weighed["raw_bytes"],
        png=png["file_bytes"],
        jpeg=jpeg["file_bytes"],
        loss=loss,
        smaller=weighed["smaller"].upper(),
    )


def show_changes(found: Answer) -> None:
    """At which quality each network changes its answer, encoder by encoder."""
    if found.about.get("unfinished"):  # what comes may still change the answer
        return
    if found["class"] is not None:
        parts = _changes(found["class_changes"], found["class"])
        told = {"name": found["class"], "percent": 100 * found["prob"]}
        doubt = f" {label(STEM, 'changes_unsure')}" if found["prob"] < _UNSURE else ""
        st.markdown(label(STEM, "changes_class", parts=parts, **told) + doubt)
    if found["thing"] is None:
        st.markdown(label(STEM, "changes_thing_none", score=found["score"], sure=found["sure"]))
        return
    parts = _changes(found["thing_changes"], found["thing"])
    told = {"name": found["thing"], "score": found["score"]}
    st.markdown(label(STEM, "changes_thing", parts=parts, **told))


def _changes(changes: Mapping[str, dict[str, Any] | None], own: str) -> str:
    """By encoder, the highest quality at which the answer is not the original's."""
    parts = []
    for form, change in changes.items():
        told = {"form": label(STEM, f"option_form_{form}")} | (change or {})
        key = "never" if change is None else "lost" if change["answer"] == own else "at"
        parts.append(label(STEM, f"change_{key}", **told))
    return " ".join(parts)


def show_generations(found: Answer) -> None:
    """What ten saves have cost, and why."""
    between = found["between"]
    told = {"lost": found["last_lost_db"][between], "settled": 100 * found["last_changed"]}
    name = label(STEM, f"option_between_{between}")
    key = "fixed" if found["last_changed"] < _SETTLED else "moving"
    said = label(STEM, "again_settles", between=name, **told)
    st.markdown(f"{said} {label(STEM, f'again_{key}')}")
