"""A learner's own data set: a zip with one folder for each class, or pictures put into classes
here; read and kept by the engine."""

import re

import streamlit as st

from engine.serving.runs.contract import OWN_SET_MB
from pages.ui.engine import Answer, Progress, Refused, ask, send
from pages.ui.links import from_link, put_in_link
from pages.ui.own_classes import gather_classes
from pages.ui.words import label

STEM = "training_studio"
WAYS = ("zip", "loose")
SIZES_PX = (16, 24, 32, 48, 64)
LOOK_S = 0.3
_LINK = "own"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def own_set() -> str:
    """The token of the learner's data set, or ""; the first time it is the link's."""
    state = st.session_state
    if "own_set_token" not in state:
        state.own_set_token = _known(from_link(_LINK) or "")
    return state.own_set_token


def choose_own_set(shown: str) -> None:
    """Shows the uploader and what became of its files.

    It stands below what shows the data set, and is built after it, so that nothing has to move;
    the script runs again where its files are another data set than the one ``shown``.
    """
    state = st.session_state
    with st.expander(label(STEM, "own_title")):
        st.markdown(label(STEM, "own_lead"))
        size = st.segmented_control(
            label(STEM, "own_size"), SIZES_PX, default=32, required=True, key="own_set_size"
        )
        if _choose_way() == "zip":
            file = st.file_uploader(
                label(STEM, "own_zip"), type="zip", key="own_set_file", max_upload_size=OWN_SET_MB
            )
            if file is not None and state.get("own_set_read") != (file.file_id, size):
                state.own_set_read = (file.file_id, size)
                _read(file.getvalue(), int(size))
        elif (gathered := gather_classes()) is not None:
            _read(gathered, int(size))
        for sentence in state.get("own_set_report", ()):
            st.text(sentence)  # names in a stranger's zip are no Markdown
    put_in_link({_LINK: state.own_set_token or None})
    if state.own_set_token != shown:
        st.rerun()


def _choose_way() -> str | None:
    """A zip that is there already, or pictures put into classes here."""
    words = {way: label(STEM, f"own_way_{way}") for way in WAYS}
    return st.segmented_control(
        label(STEM, "own_way"),
        WAYS,
        format_func=words.__getitem__,
        default=WAYS[0],
        required=True,
        key="own_set_way",
    )


def _known(token: str) -> str:
    """The token, unless the engine says that it has no such data set."""
    if not _TOKEN.fullmatch(token):
        return ""
    try:
        ask(f"own-sets/{token}", patience_s=0)
    except Refused as refused:
        return "" if refused.status == 404 else token
    return token


def _read(content: bytes, size_px: int) -> None:
    """Has the zip read while a bar says how far it is; what is wrong is said, all else stays."""
    state, bar = st.session_state, st.progress(0.0)
    try:
        wanted = {"size_px": size_px}
        path = f"own-sets/readings/{send('POST', 'own-sets', wanted, content)['reading']}"
        while isinstance(found := ask(path, wanted, patience_s=LOOK_S), Progress):
            bar.progress(min(1.0, found.done / max(1, found.total)))
        state.own_set_token = found["token"]
        state.own_set_report = _report(found)
    except Refused as refused:
        state.own_set_report = [refused.sentence]
    bar.empty()


def _report(found: Answer) -> list[str]:
    """What was kept, and each refused file with its reason."""
    kept = ", ".join(f"{name} {count}" for name, count in found["kept"])
    lines = [label(STEM, "own_kept", kept=kept)]
    if found["refused_count"]:
        lines.append(label(STEM, "own_refused", count=found["refused_count"]))
        lines += [f"{path}: {reason}" for path, reason in found["refused"]]
    lines += [label(STEM, "own_left_out", name=name, count=n) for name, n in found["left_out"]]
    return lines + found["notes"]
