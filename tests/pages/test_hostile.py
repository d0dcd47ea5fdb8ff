"""Whatever a link or a request says: a page falls back to its first state, the API says why not.

One table for all pages and all routes: the values are derived from the contracts.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from pages.ui import stage as stage_module
from pages.ui.controls import Control, Hidden, first_state
from tests.pages.conftest import OpenPage
from tests.pages.test_every_page import EVERY_PAGE, PATHS

TEXTS = (
    "",
    "nan",
    "-inf",
    "1e309",
    "9" * 400,
    "<script>alert(1)</script>",
    "\x00\ud7ff",
    "__proto__",
    "../../etc/passwd",
    "' OR 1=1 --",
)
QUESTIONS = [
    (path, each)
    for path, methods in PATHS.items()
    for each in methods.get("get", {}).get("parameters", [])
    if each["in"] == "query"
]
NAMES = sorted({each["name"] for _, each in QUESTIONS} - {"lang"})


def illegal(schema: dict[str, Any]) -> Iterator[str]:
    """Values just outside what a parameter's schema accepts."""
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    if len(kinds) != 1:
        return
    kind = kinds[0]
    if "enum" in kind or kind.get("type") == "boolean":
        yield from ("<b>", "maybe")
    elif kind.get("type") in ("integer", "number"):
        yield from ("x", "nan", "1e309")
        if "minimum" in kind:
            yield str(kind["minimum"] - 1)
        if "exclusiveMinimum" in kind:
            yield str(kind["exclusiveMinimum"])
        if "maximum" in kind:
            yield str(kind["maximum"] + 1)
    elif kind.get("type") == "string":
        if "pattern" in kind:
            yield "<script>\x00"
        if "maxLength" in kind:
            yield "a" * (kind["maxLength"] + 1)


@pytest.mark.parametrize("path", sorted({path for path, _ in QUESTIONS}))
def test_a_value_out_of_bounds_gets_one_sentence(api: TestClient, path: str) -> None:
    address = "/api" + path.replace("{", "").replace("}", "")
    for asked, parameter in QUESTIONS:
        if asked != path:
            continue
        for value in illegal(parameter["schema"]):
            answer = api.get(address, params={parameter["name"]: value})
            case = (parameter["name"], value, answer.status_code, answer.text[:300])
            assert answer.status_code == 422, case
            sentence = answer.json()["detail"]
            assert isinstance(sentence, str), case
            assert sentence.endswith("."), case
            assert "_mismatch" not in sentence, case


def accepts(control: Control, text: str) -> bool:
    """Whether a text happens to be legal: a hidden value may be empty."""
    return isinstance(control, Hidden) and control.read(text) == text


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_hostile_link_opens_the_first_state(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    shown: list[tuple[list[Control], dict[str, Any]]] = []
    real = stage_module.stage

    def noted(stem: str, controls: list[Control], **rest: Any) -> Any:
        values = real(stem, controls, **rest)
        shown.append((controls, values))
        return values

    monkeypatch.setattr(stage_module, "stage", noted)
    hostile = [text for text in TEXTS if text]
    first = len(page)  # other texts for other pages
    link = {name: hostile[(first + i) % len(hostile)] for i, name in enumerate(NAMES)}
    open_page(page, **link)
    assert shown
    for controls, values in shown:
        named = [each for each in controls if accepts(each, link.get(each.name, ""))]
        given = {each.name: link[each.name] for each in named if each.name in link}
        assert values == first_state(controls) | given
        for control in controls:
            for text in TEXTS:
                assert accepts(control, text) or control.read(text) == control.default, control
