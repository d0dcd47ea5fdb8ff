"""The learner's picture: chosen once, kept from page to page and, through the link, on reload.

A sample stands in the link by its name. A learner's own photo stands there by an unguessable token;
the engine decodes it and keeps it in memory for a stated time.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.serving.pictures.contract import FILE_MB, SAMPLE_NAMES, TOKEN, Limits
from pages.ui.chapters import url_path
from pages.ui.component import component
from pages.ui.engine import Progress, Refused, ask, forget_picture, keep_picture
from pages.ui.engine.place import place
from pages.ui.links import from_link, put_in_link
from pages.ui.result import LOOK_AGAIN_S
from pages.ui.words import label

DEFAULT_SAMPLE = "chelsea"
# Pages that have little to say of a cat open with another sample, until a picture is chosen.
_OWN_DEFAULTS = {
    "classify": "camera",  # Grad-CAM's map of the cat does not stand the page's own test
    "face_cascade": "astronaut",
    "haar_hog": "astronaut",
    "selective_search": "china",
}
_REF = "picture_ref"  # None: nothing chosen, whatever the link once said
_SHOWN = "picture_shown"
_NOTICE = "picture_notice"
_TOKEN = re.compile(TOKEN)
_ROUND = "picture_round"  # how many files were taken: each has a fresh uploader of its own

_STRIP_CSS = """
.strip { display: flex; gap: 6px; padding: 2px; overflow-x: auto; min-height: 40px; }
.strip button { flex: none; width: 40px; height: 40px; padding: 0; border: 1px solid transparent;
  border-radius: var(--st-base-radius); background: none; cursor: pointer; opacity: 0.55; }
.strip button:hover, .strip button:focus-visible { opacity: 1; }
.strip button[aria-pressed="true"] { opacity: 1; outline: 2px solid var(--st-primary-color); }
.strip img { width: 100%; height: 100%; object-fit: cover; border-radius: inherit; display: block; }
"""
_STRIP_JS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_strip = component(
    "fovea_pictures", html='<div class="strip" role="group"></div>', css=_STRIP_CSS, js=_STRIP_JS
)


@dataclass(frozen=True)
class Picture:
    """What the engine knows the picture by: a sample's name, or a token."""

    ref: str


def current_picture() -> Picture:
    """The picture that the learner works on, as the frame has settled it in this run."""
    return Picture(st.session_state[_SHOWN])


def settle_picture(stem: str) -> None:
    """The picture of this run: what was chosen, else what the link says, else a sample.

    ``stem`` is the page's: some have a default sample of their own. A sample also where the
    learner's own picture is no longer kept.
    """
    default = _OWN_DEFAULTS.get(stem, DEFAULT_SAMPLE)
    chosen = st.session_state.setdefault(_REF, from_link("pic") or None)
    picture = Picture(chosen or default)
    if is_own(picture) and _is_kept(picture.ref) is False:
        st.session_state[_NOTICE] = ("info", label("shared", "picture_gone"))
        st.session_state[_REF] = None
        picture = Picture(default)
    st.session_state[_SHOWN] = picture.ref
    put_in_link({"pic": picture.ref if picture.ref != default else None})


def _is_kept(token: str) -> bool | None:
    """Whether the engine has such a picture; None while it cannot be asked."""
    if not _TOKEN.fullmatch(token):
        return False
    try:
        answer = ask(f"pictures/{token}/about", patience_s=0)
    except Refused as refused:
        return False if refused.status == 404 else None
    return None if isinstance(answer, Progress) else True


@st.fragment(run_every=LOOK_AGAIN_S)
def _ask_again(token: str) -> None:
    """An engine that starts says later whether it has the picture; the page runs anew then."""
    if _is_kept(token) is not None:
        st.rerun()


def choose_sample(name: str) -> None:
    """Take one of the samples as the picture; for callbacks."""
    st.session_state[_REF] = name


def is_own(picture: Picture) -> bool:
    """Whether the picture came from the learner rather than from the samples."""
    return picture.ref not in SAMPLE_NAMES


def show_picker(stem: str) -> None:
    """The strip of samples, and behind "+" the learner's own photo or the camera."""
    picture = current_picture()
    names = {ref: label("samples", ref) for ref in SAMPLE_NAMES}
    if is_own(picture):
        names[picture.ref] = label("shared", "picture_own")
        if _is_kept(picture.ref) is None:
            _ask_again(picture.ref)
    _strip(
        key="picture_strip",
        data={
            "page": url_path(stem),
            "chosen": picture.ref,
            "title": label("shared", "picture"),
            "pictures": [{"ref": ref, "name": name} for ref, name in names.items()],
        },
        on_chosen_change=_choose_from_strip,
        width="content",
    )
    taken = st.session_state.setdefault(_ROUND, 0)
    # A new key a file: what was taken closes the popover, as a new one is closed.
    closed = f"picture_popover_{taken}"
    with st.popover(label("shared", "picture_upload"), icon=":material/add_a_photo:", key=closed):
        _own_picture(picture, taken)


def show_notice() -> None:
    """What there is to say about the picture: refused, changed on the way in, or gone."""
    kind, sentence = st.session_state.pop(_NOTICE, (None, ""))
    if kind == "error":
        st.error(sentence)
    elif kind == "info":
        st.info(sentence)


def _own_picture(picture: Picture, taken: int) -> None:
    st.file_uploader(
        label("shared", "picture_upload"),
        key=f"picture_upload_{taken}",
        on_change=_take,
        args=(f"picture_upload_{taken}",),
        help=label("shared", "picture_upload_help", hours=f"{_keep_hours():g}"),
        max_upload_size=FILE_MB,
    )
    if st.toggle(label("shared", "picture_webcam"), key="picture_camera_on"):
        st.camera_input(
            label("shared", "picture_webcam"),
            key=f"picture_camera_{taken}",
            on_change=_take,
            args=(f"picture_camera_{taken}",),
            label_visibility="collapsed",
        )
    if is_own(picture):
        st.caption(label("shared", "copy_link_shares"))
        st.button(label("shared", "picture_forget"), key="picture_forget", on_click=_forget)


def _keep_hours() -> float:
    """As the engine says; while it says nothing, what is usual."""
    address = place().address
    try:
        return _told_hours(address.started) if address else Limits().keep_hours
    except Refused:
        return Limits().keep_hours


@lru_cache(maxsize=4)
def _told_hours(_started: str) -> float:
    told = ask("pictures")
    return Limits().keep_hours if isinstance(told, Progress) else told["keep_hours"]


def _choose_from_strip() -> None:
    """Sent by the browser: a sample's name, or the token that the session has already."""
    ref = str(st.session_state["picture_strip"].get("chosen"))
    if ref in SAMPLE_NAMES or _TOKEN.fullmatch(ref):
        st.session_state[_REF] = ref


def _take(key: str) -> None:
    """Take an uploaded file as the picture; what cannot be read leaves the old one in place."""
    file = st.session_state.get(key)
    if file is None:
        return
    data, name = file.getvalue(), file.name
    _drop(file)
    try:
        stored = keep_picture(data, name)
    except Refused as refused:
        st.session_state[_NOTICE] = ("error", refused.sentence)
        return
    st.session_state[_REF] = stored["token"]
    if stored["notes"]:
        st.session_state[_NOTICE] = ("info", " ".join(stored["notes"]))


def _drop(file: UploadedFile) -> None:
    """Let go of the file itself, which Streamlit would keep for as long as the session lasts."""
    st.session_state[_ROUND] += 1
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _forget() -> None:
    try:
        forget_picture(st.session_state[_REF])
    except Refused as refused:
        st.session_state[_NOTICE] = ("error", refused.sentence)
    st.session_state[_REF] = None
