"""One Korean word for one thing: the glossary, held against every text that a page shows."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.test_texts import LABELS, ROOT

GLOSSARY = tomllib.loads((ROOT / "assets" / "glossary.toml").read_text(encoding="utf-8"))
KOREAN = [*LABELS, *sorted(ROOT.glob("pages/**/text.ko.md"))]
#: Both forms of a particle, since nobody knew what stands before it; wording avoids that.
EITHER = re.compile(
    r"[을를이가은는과와]\([을를이가은는과와]\)|\(으\)로",
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def korean(path: Path) -> str:
    """What a file says in Korean."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    return "\n".join(versions["ko"] for versions in tomllib.loads(text).values())


def test_a_term_is_told_once_and_no_term_is_anothers_wrong_form() -> None:
    for language in ("en", "ko"):
        terms = [each[language] for each in GLOSSARY.values()]
        doubled = {term for term in terms if terms.count(term) > 1} - {"초기화"}  # Reset and init
        assert not doubled
    wrong = {form for each in GLOSSARY.values() for form in each["not"]}
    assert wrong.isdisjoint(each["ko"] for each in GLOSSARY.values())


@pytest.mark.parametrize("path", KOREAN, ids=_name)
def test_every_text_uses_the_terms(path: Path) -> None:
    text = korean(path)
    for term in GLOSSARY.values():
        for allowed in term.get("within", ()):
            text = text.replace(allowed, "")
        found = [form for form in term["not"] if form in text and form not in term["ko"]]
        assert not found, f"{term['en']} is {term['ko']}, not {found}"


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_a_label_that_is_a_term_is_that_term(path: Path) -> None:
    terms = {each["en"].lower(): each["ko"] for each in GLOSSARY.values()}
    for key, versions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        said = terms.get(versions["en"].lower())
        assert said is None or said in versions["ko"], (key, versions)


@pytest.mark.parametrize("path", KOREAN, ids=_name)
def test_no_particle_in_brackets(path: Path) -> None:
    found = EITHER.findall(korean(path))
    assert not found
