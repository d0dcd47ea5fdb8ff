"""The code shown is the source that Python itself knows of the function that ran."""

import ast
import inspect
from pkgutil import resolve_name

import pytest

from pages.ui.show_code import find_source
from tests.browser.fixtures import ROOT


def _shown() -> list[str]:
    """Every name that a page gives to ``show_code``."""
    calls = [
        node
        for file in sorted((ROOT / "pages").glob("*/*/page.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "show_code"
    ]
    assert calls, "no page shows its code: has the pages' place changed?"
    return sorted({ast.literal_eval(argument) for call in calls for argument in call.args})


@pytest.mark.parametrize("name", _shown())
def test_source_is_that_of_the_function_itself(name: str) -> None:
    target = inspect.unwrap(resolve_name(name))
    place, source = find_source(name)
    lines, first = inspect.getsourcelines(target)
    assert source == "".join(lines)
    assert place == f"{name.partition(':')[0].replace('.', '/')}.py:{first}"


@pytest.mark.parametrize("name", ["engine.pictures.depth:nothing", "engine.pictures.depth:BITS.x"])
def test_what_a_module_has_not_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        find_source(name)
