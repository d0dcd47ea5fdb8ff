"""Every control of every page is one that its route knows, with the bounds that it accepts."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine.serving.api import create_api
from pages.ui import stage as stage_module
from pages.ui.chapters import CHAPTERS, PAGES
from pages.ui.controls import Choice, Control, Slider, Toggle
from tests.pages.conftest import OpenPage

SERVING = PAGES.parent / "engine" / "serving"
PAGES_OF_CHAPTERS = [("start", "home")] + [
    (chapter, stem) for chapter, stems in CHAPTERS.items() for stem in stems
]
PATHS: Mapping[str, Any] = create_api().openapi()["paths"]


def parameters(source: str) -> dict[str, Any]:
    """What the route behind a stage's source can be asked, by name, as the API describes it."""
    found = PATHS.get(f"/v1/{source}")
    if found is None:  # a path with a part of its own: runs/{name}/epoch
        parts = source.split("/")
        fits = [
            path
            for path in PATHS
            if len(path.split("/")) == len(parts) + 2
            and all(a == b or a[0] == "{" for a, b in zip(path.split("/")[2:], parts, strict=True))
        ]
        found = PATHS[fits[0]]
    return {each["name"]: each for each in found["get"].get("parameters", [])}


def differences(control: Control, told: dict[str, Any]) -> list[str]:
    """What a control says otherwise than the API does."""
    schema = told["schema"]
    wrong = []
    if isinstance(control, Slider):
        if not (schema["minimum"] <= control.low and control.high <= schema["maximum"]):
            wrong.append("its ends are not accepted")
        if not control.low <= control.default <= control.high:
            wrong.append("its default is not on the slider")
    if isinstance(control, Choice) and "enum" in schema:
        wrong += [f"{o} is not accepted" for o in control.options if o not in schema["enum"]]
    if isinstance(control, Toggle) and schema["type"] != "boolean":
        wrong.append("it is no switch")
    return wrong


@pytest.mark.parametrize(("chapter", "stem"), PAGES_OF_CHAPTERS)
def test_a_page_shows_only_what_its_contract_says(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, chapter: str, stem: str
) -> None:
    assert (SERVING / stem / "contract.py").is_file()
    shown: list[tuple[str, list[Control]]] = []
    real = stage_module.stage

    def noted(stem: str, controls: list[Control], *, source: str, **rest: Any) -> Any:
        shown.append((source, controls))
        return real(stem, controls, source=source, **rest)

    monkeypatch.setattr(stage_module, "stage", noted)
    open_page(f"{chapter}/{stem}")
    assert shown
    for source, controls in shown:
        told = parameters(source) if source else {control.name: {} for control in controls}
        for control in controls:
            assert control.name in told, f"{source} does not know {control.name}"
            assert not source or differences(control, told[control.name]) == [], control
