"""What is the same on every page, opened once by a direct link: the strip of pictures, where the
suggestions stand, its main control, and that every control is one that its route knows, with the
bounds that it accepts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.serving.api import create_api
from pages.ui import page as page_module
from pages.ui import stage as stage_module
from pages.ui.chapters import CHAPTERS, PAGES
from pages.ui.controls import Choice, Control, Slider, Toggle
from tests.bench.subjects import Subject, subjects
from tests.engine_here import EngineHere
from tests.pages.conftest import run_page

SERVING = PAGES.parent / "engine" / "serving"
PATHS: Mapping[str, Any] = create_api().openapi()["paths"]
LOOKS_LATER = {"training_studio"}  # a finished run is asked about the picture
EVERY_PAGE = ["start/home"] + [
    f"{chapter}/{stem}" for chapter, of in CHAPTERS.items() for stem in of
]


@dataclass
class Stage:
    """A stage as a page shows it: where it asks, its controls, and what is sent along."""

    source: str
    controls: list[Control]
    fixed: dict[str, Any]


@dataclass
class Opened:
    """An opened page, and what it put on the screen in its order: a stage, or None for
    suggestions."""

    subject: Subject
    app: AppTest | None = None
    shown: list[Stage | None] = field(default_factory=list)

    @property
    def stages(self) -> list[Stage]:
        return [each for each in self.shown if each is not None]

    def note(self, patch: pytest.MonkeyPatch) -> None:
        """Write down what the page shows from now on."""
        begin, stage, try_this = page_module.open_page, stage_module.stage, page_module.try_this

        def noted_begin(*args: Any, **rest: Any) -> None:
            self.shown.clear()  # another run of the script
            begin(*args, **rest)

        def noted_stage(
            stem: str, controls: list[Control], *, source: str, fixed: Any = None, **rest: Any
        ) -> Any:
            self.shown.append(Stage(source, controls, dict(fixed or {})))
            return stage(stem, controls, source=source, fixed=fixed, **rest)

        def noted_try(*args: Any, **rest: Any) -> None:
            self.shown.append(None)
            try_this(*args, **rest)

        patch.setattr(page_module, "open_page", noted_begin)
        patch.setattr(stage_module, "stage", noted_stage)
        patch.setattr(page_module, "try_this", noted_try)


@pytest.fixture(scope="module", params=subjects(), ids=lambda subject: subject.stem)
def opened(request: pytest.FixtureRequest, engine_here: EngineHere) -> Opened:
    """One page after the other, each opened once for all tests of this module."""
    page = Opened(request.param)
    with pytest.MonkeyPatch.context() as patch:
        engine_here.answer(patch)
        page.note(patch)
        page.app = run_page(page.subject.file.removesuffix("/page.py"))
    return page


def test_the_strip_and_the_suggestions_are_where_they_belong(opened: Opened) -> None:
    assert opened.app is not None
    looks = opened.subject.stem in LOOKS_LATER or any(
        "picture" in stage.fixed for stage in opened.stages
    )
    strip = bool(opened.app.get("file_uploader"))
    assert strip == looks, "a strip of pictures where none is looked at"
    if None in opened.shown:
        first = next(k for k, each in enumerate(opened.shown) if each is not None)
        assert opened.shown.index(None) < first, "suggestions stand above the picture"


def test_its_main_control_is_on_its_stage(opened: Opened) -> None:
    assert opened.app is not None
    subject = opened.subject
    values = opened.app.session_state[f"{subject.stem}_state"]["values"]
    assert subject.main_control in values


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


def test_a_page_shows_only_what_its_contract_says(opened: Opened) -> None:
    assert (SERVING / opened.subject.stem / "contract.py").is_file()
    assert opened.stages
    for stage in opened.stages:
        own = {control.name: {} for control in stage.controls}
        told = parameters(stage.source) if stage.source else own
        for control in stage.controls:
            assert control.name in told, f"{stage.source} does not know {control.name}"
            assert not stage.source or differences(control, told[control.name]) == [], control
