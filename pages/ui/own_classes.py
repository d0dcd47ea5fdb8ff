"""Loose pictures, from files or a webcam, put into classes by hand: they leave here as a zip."""

import io
import re
import zipfile
from collections.abc import Iterable

import streamlit as st

from engine.serving.runs.contract import OWN_SET_MB
from pages.ui.words import label

STEM = "training_studio"
NAME_LENGTH = 40
MOST_BYTES = OWN_SET_MB * 2**20
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f/\\:]+")
Gathered = dict[str, list[tuple[str, bytes]]]


def gather_classes() -> bytes | None:
    """Shows what puts pictures into classes; the zip of all of them once it is asked for."""
    state = st.session_state
    gathered: Gathered = state.setdefault("own_gathered", {})
    turn = state.setdefault("own_turn", 0)  # the uploaders are empty again after each addition
    name = folder_name(st.text_input(label(STEM, "own_class"), max_chars=NAME_LENGTH))
    files = st.file_uploader(
        label(STEM, "own_files"),
        accept_multiple_files=True,
        key=f"own_files_{turn}",
        max_upload_size=OWN_SET_MB,
    )
    pictures = [(file.name, file.getvalue()) for file in files]
    if st.toggle(label(STEM, "own_webcam"), key="own_webcam"):
        shot = st.camera_input(label(STEM, "own_shot"), key=f"own_shot_{turn}")
        pictures += [(shot.name, shot.getvalue())] if shot else []
    if st.button(label(STEM, "own_add"), disabled=not (name and pictures), key="own_add"):
        if add(gathered, name, pictures):
            state.own_turn += 1
            st.rerun()
        st.text(label(STEM, "own_full", limit=OWN_SET_MB))
    if not gathered:
        return None
    st.text(", ".join(f"{each} {len(held)}" for each, held in gathered.items()))
    with st.container(horizontal=True):
        is_wanted = st.button(label(STEM, "own_read"), key="own_read", type="primary")
        if st.button(label(STEM, "own_clear"), key="own_clear"):
            gathered.clear()
            st.rerun()
    return zip_of(gathered) if is_wanted else None


def folder_name(text: str) -> str:
    """A class's name as a folder's: without what leads elsewhere; "" where nothing is left."""
    return _NOT_IN_NAMES.sub("-", text).strip(" .-")[:NAME_LENGTH]


def add(gathered: Gathered, name: str, pictures: Iterable[tuple[str, bytes]]) -> bool:
    """Puts pictures (name, bytes) into a class; False, and nothing done, where it is too much."""
    new = list(pictures)
    held = [data for each in gathered.values() for _, data in each]
    if sum(map(len, [*held, *(data for _, data in new)])) > MOST_BYTES:
        return False
    gathered.setdefault(name, []).extend(new)
    return True


def zip_of(gathered: Gathered) -> bytes:
    """A zip with one folder for each class; files keep their endings, and no two have one name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, pictures in gathered.items():
            for k, (file, data) in enumerate(pictures):
                archive.writestr(f"{name}/{k:04d}-{folder_name(file) or 'picture'}", data)
    return packed.getvalue()
