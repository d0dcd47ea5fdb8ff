"""What is the same on every page: the strip of pictures, and where the suggestions stand."""

from typing import Any

import pytest

from pages.ui import page as page_module
from pages.ui import stage as stage_module
from pages.ui.chapters import CHAPTERS
from tests.pages.conftest import OpenPage

PATHS = ["start/home"] + [f"{chapter}/{stem}" for chapter, of in CHAPTERS.items() for stem in of]
LOOKS_LATER = {"training/training_studio"}  # a finished run is asked about the picture


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What a page puts on the screen, in its order: stages with what is sent along, suggestions."""
    order: list[tuple[str, Any]] = []
    begin, stage, try_this = page_module.open_page, stage_module.stage, page_module.try_this

    def noted_begin(*args: Any, **rest: Any) -> None:
        order.clear()  # the home page runs first
        begin(*args, **rest)

    def noted_stage(stem: str, *args: Any, fixed: Any = None, **rest: Any) -> Any:
        order.append(("stage", dict(fixed or {})))
        return stage(stem, *args, fixed=fixed, **rest)

    def noted_try(*args: Any, **rest: Any) -> None:
        order.append(("try", None))
        try_this(*args, **rest)

    monkeypatch.setattr(page_module, "open_page", noted_begin)
    monkeypatch.setattr(stage_module, "stage", noted_stage)
    monkeypatch.setattr(page_module, "try_this", noted_try)
    return order


@pytest.mark.parametrize("path", PATHS)
def test_the_strip_and_the_suggestions_are_where_they_belong(
    open_page: OpenPage, shown: list[tuple[str, Any]], path: str
) -> None:
    app = open_page(path)
    looks = path in LOOKS_LATER or any(
        "picture" in fixed for kind, fixed in shown if kind == "stage"
    )
    assert bool(app.get("file_uploader")) == looks, "a strip of pictures where none is looked at"
    kinds = [kind for kind, _ in shown]
    if "try" in kinds:
        assert kinds.index("try") < kinds.index("stage"), "suggestions stand above the picture"
