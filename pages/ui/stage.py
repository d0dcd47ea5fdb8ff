"""The live stage: a component that asks the API for bytes while a control moves.

The page declares controls and the API's path; the view (``view.js`` in its folder) paints. Only
when a control is released does the page learn of it and run again. The committed values live in
the session, are checked here, and go into the link.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.chapters import PAGES, UI, page_folder, url_path
from pages.ui.component import component
from pages.ui.controls import Choice, Control, Hidden, Slider, Value, read_values
from pages.ui.first_style import room_key
from pages.ui.links import from_link, put_in_link
from pages.ui.stage_files import module_loader
from pages.ui.words import has_labels, label, labels_with_prefix, language

_STAGE = Path(__file__).parent / "stage"
_CSS = "".join((_STAGE / f"{name}.css").read_text(encoding="utf-8") for name in ("stage", "plot"))
_HTML = """
<div class="stage">
  <div class="side">
    <div class="controls"></div><div class="extra"></div><div class="tools"></div>
  </div>
  <div class="frame empty">
    <canvas data-testid="stage-canvas" role="img" tabindex="0"></canvas>
    <div class="message" role="status" hidden></div>
  </div>
  <div class="readout" aria-live="polite"></div>
</div>
"""
_JS = module_loader("ui/stage/core.js")
_component = component("fovea_stage", html=_HTML, css=_CSS, js=_JS)
_BARE = _HTML.replace("stage", "stage bare", 1)  # nothing stands at its left
_bare_component = component("fovea_bare_stage", html=_BARE, css=_CSS, js=_JS)
HEIGHT_PX = 500  # of most pages' main stage


def set_stage(name: str, **changes: Value) -> None:
    """Set controls of a stage from the page (a "try this" button); use as a callback."""
    state = _state(name)
    state["values"] = {**state["values"], **changes}
    state["revision"] += 1


def stage(
    stem: str,
    controls: Sequence[Control],
    *,
    source: str,
    fixed: Mapping[str, Value | None] | None = None,
    view: str | None = None,
    key: str | None = None,
    words: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
    page: str | None = None,
    height_px: int = HEIGHT_PX,
) -> dict[str, Value]:
    """Show a stage and return the committed values of its controls.

    Args:
        stem: the page's stem; names the view, the labels and the keys. A view that pages share may
          stand in its place, with ``page`` beside it.
        controls: what the reader can move; the main control first.
        source: path below ``/api/v1/`` that answers with typed binary; empty for a view that asks
          by itself.
        fixed: what is sent along with every request (picture, network).
        view: for a second stage on one page: ``<view>.js`` in the page's folder, or a view that
          several pages share, ``pages/ui/<view>/view.js`` with words of its own beside it.
        key: the name that the stage's state is kept under, by default ``<stem>_<view>``. Control
          names must differ between the stages of a page, since they share its link.
        words: further label files whose ``stage_`` words the view uses.
        said: further words of the view, by name, where the page has put them together.
        page: the stem of the page that it stands on, where ``stem`` is not that.
        height_px: its least height, kept free until its picture is there: see
            :data:`pages.ui.first_style.ROOMS_PX`.

    Returns:
        By control name, the values last committed, checked against the controls.
    """
    name = key or stage_name(stem, view)
    state = _state(name)
    if not state["opened"]:
        state["values"] = _values_of_link(controls)
        state["opened"] = True
    state["values"] = values = read_values(controls, state["values"])
    defaults = {control.name: control.default for control in controls}
    data = {
        "name": name,
        "script": _script(stem, view),
        "page": url_path(page or stem),
        "source": source,
        "controls": [_described(stem, c) for c in controls if not isinstance(c, Hidden)],
        "values": values,
        "defaults": defaults,
        "revision": f"{state['revision']} {language()} {_shape(controls)}",
        "fixed": dict(fixed or {}),
        "lang": language(),
        "words": _words(stem, *_further(stem, view), *words) | dict(said or {}),
    }
    place = f"{name}_stage"
    with st.container(key=room_key(name, height_px)):
        show = _component if data["controls"] else _bare_component
        show(key=place, data=data, on_values_change=lambda: _commit(name, place, controls))
    put_in_link({n: v if v != defaults[n] else None for n, v in values.items()})
    return values


def stage_name(stem: str, view: str | None = None) -> str:
    """What the state of a page's stage is kept under: ``<stem>``, or ``<stem>_<view>``."""
    return f"{stem}_{view}" if view else stem


def _script(stem: str, view: str | None) -> str:
    """The view's script as a path below ``pages/``."""
    script = (page_folder(stem) or UI / stem) / f"{view or 'view'}.js"
    if view and not script.is_file():
        script = UI / view / "view.js"
    return script.relative_to(PAGES).as_posix()


def _further(stem: str, view: str | None) -> tuple[str, ...]:
    """The labels that a further view may have of its own."""
    return (f"{stem}.{view}", view) if view else ()


def _words(stem: str, *others: str) -> dict[str, str]:
    """The page's own words come last, so that they may say something else."""
    words = labels_with_prefix("shared", "stage_words_")
    for other in others:
        if other != stem and has_labels(other):
            words |= labels_with_prefix(other, "stage_")
    return words | labels_with_prefix(stem, "stage_")


def _commit(name: str, place: str, controls: Sequence[Control]) -> None:
    """Take over what the browser sent: JSON from outside, so read like a link."""
    sent = st.session_state.get(place, {}).get("values")
    if isinstance(sent, dict):
        state = _state(name)
        state["values"] = read_values(controls, {**state["values"], **sent})


def _state(name: str) -> dict[str, Any]:
    fresh = {"values": {}, "revision": 0, "opened": False}
    return st.session_state.setdefault(f"{name}_state", fresh)


def _values_of_link(controls: Sequence[Control]) -> dict[str, Any]:
    found = {control.name: from_link(control.name) for control in controls}
    return {name: text for name, text in found.items() if text is not None}


def _shape(controls: Sequence[Control]) -> int:
    """Changes where the offered options change, so that the browser rebuilds its controls."""
    return hash(tuple(str(control) for control in controls))


def _described(stem: str, control: Control) -> dict[str, Any]:
    described = control.describe() | {"name": control.name}
    described["label"] = label(stem, f"control_{control.name}")
    described["help"] = labels_with_prefix(stem, "help_").get(control.name)
    if not isinstance(control, Hidden) and control.group:
        described["group"] = label(stem, f"group_{control.group}")
    if isinstance(control, Slider):
        described["unit"] = control.unit
        described["names"] = labels_with_prefix(stem, f"option_{control.name}_")
    if isinstance(control, Choice):
        words = labels_with_prefix(stem, f"option_{control.name}_") | control.titles
        described["options"] = [
            {"value": o, "label": words.get(o, o), "group": control.groups.get(o)}
            for o in control.options
        ]
    return described
