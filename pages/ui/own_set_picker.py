"""A learner's own data set: a zip with one folder for each class, read here, kept in memory."""

import streamlit as st

from engine.errors import InputError
from pages.ui.links import from_link, put_in_link
from pages.ui.words import label, language

STEM = "training_studio"
SIZES_PX = (16, 24, 32, 48, 64)
MOST_MB = 200
_LINK = "own"


def choose_own_set() -> str:
    """Shows the uploader and what became of its files; returns the data set's token, or ""."""
    state = st.session_state
    if "own_set_token" not in state:
        state.own_set_token = _known(from_link(_LINK) or "")
    with st.expander(label(STEM, "own_title")):
        st.markdown(label(STEM, "own_lead"))
        size = st.segmented_control(
            label(STEM, "own_size"), SIZES_PX, default=32, required=True, key="own_set_size"
        )
        file = st.file_uploader(
            label(STEM, "own_zip"), type="zip", key="own_set_file", max_upload_size=MOST_MB
        )
        if file is not None and state.get("own_set_read") != (file.file_id, size):
            state.own_set_read = (file.file_id, size)
            _read(file.getvalue(), int(size))
        for sentence in state.get("own_set_report", ()):
            st.markdown(sentence)
    put_in_link({_LINK: state.own_set_token or None})
    return state.own_set_token


def _known(token: str) -> str:
    from engine.serving.own_sets import own_sets

    try:
        own_sets().get(token)
    except InputError:
        return ""
    return token


def _read(content: bytes, size_px: int) -> None:
    """Reads the zip while a bar says how far it is; what is wrong is said, nothing else changes."""
    from engine.data.own_pictures import reading_own_pictures
    from engine.serving.own_sets import own_sets

    state, bar = st.session_state, st.progress(0.0)
    steps = reading_own_pictures(content, (size_px, size_px))
    try:
        while True:
            step = next(steps)
            bar.progress(min(1.0, step.done / max(1, step.total or step.done)))
    except StopIteration as end:
        found = end.value
        state.own_set_token = own_sets().put(found.data)
        state.own_set_report = _report(found.report)
    except InputError as error:
        state.own_set_report = [f":red[{error.sentence(language())}]"]
    bar.empty()


def _report(report) -> list[str]:
    """What was kept, and each refused file with its reason."""
    kept = ", ".join(f"{name} {count}" for name, count in report.kept)
    lines = [label(STEM, "own_kept", kept=kept)]
    if report.refused_count:
        lines.append(label(STEM, "own_refused", count=report.refused_count))
        lines += [f"- `{each.path}`: {each.reason.sentence(language())}" for each in report.refused]
    lines += [label(STEM, "own_left_out", name=name, count=n) for name, n in report.left_out]
    return lines
