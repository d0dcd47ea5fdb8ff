"""Words: both languages have the same keys, sections and placeholders, and every use exists."""

import re
import string
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LABELS = sorted([*ROOT.glob("assets/labels/*.toml"), *ROOT.glob("pages/**/*.toml")])
TEXTS = sorted(ROOT.glob("pages/**/text.en.md"))
SECTION = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
HANGUL = re.compile("[가-힣]")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sections(path: Path) -> dict[str, str]:
    parts = SECTION.split(path.read_text(encoding="utf-8"))
    assert not parts[0].strip(), f"{path.name} begins outside any section"
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_labels_stand_side_by_side(path: Path) -> None:
    for key, versions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert versions.keys() == {"en", "ko"}, key
        assert all(text.strip() for text in versions.values()), key
        assert placeholders(versions["en"]) == placeholders(versions["ko"]), key


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_sizes_are_written_height_width_channels(path: Path) -> None:
    assert not re.search(r"\bC ?× ?H ?× ?W\b", path.read_text(encoding="utf-8"))


# what placeholders that count things are called; bounds and sizes are never one
COUNTED = (
    "above|augmentations|bare|boxes|channels|classes|count|epochs|faces|found|layers|left|objects|"
    "passes|pictures|places|raw|refused|runs|scenes|segments|steps|things|train|windows"
)
PLURAL = re.compile(rf"\{{({COUNTED})\}} (?:[a-z]+ )?(?:[a-z]+s|are|were|have)\b")


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_one_thing_is_not_many(path: Path) -> None:
    """ "1 boxes": what is counted is written as ``{count} {count:box|boxes}``."""
    for key, versions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        found = PLURAL.search(versions["en"])
        assert not found, f"{key}: {found and found.group()}"


# Korean's particles follow the sound before them, which a filled-in word or number may change.
PARTICLE = re.compile(r"\{(\w+)[^}]*\}[*”]*(?:은|는|이|가|을|를|과|와|로|으로)(?=[ ,.]|$)")
PERCENT = {"share", "after"}  # they end in %, which has one sound


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_no_korean_particle_hangs_on_what_is_filled_in(path: Path) -> None:
    with path.open("rb") as file:
        for key, versions in tomllib.load(file).items():
            found = set(PARTICLE.findall(versions["ko"])) - PERCENT
            assert not found, f"{key}: {versions['ko']}"


@pytest.mark.parametrize("path", TEXTS, ids=_name)
def test_prose_has_a_korean_twin_of_the_same_shape(path: Path) -> None:
    english = sections(path)
    korean = sections(path.with_name(path.name.replace(".en.md", ".ko.md")))
    assert english.keys() == korean.keys()
    assert {"title", "lead"} <= english.keys()
    for name, text in english.items():
        assert placeholders(text) == placeholders(korean[name]), name
        assert text.strip(), name
        assert HANGUL.search(korean[name]), name
        assert not HANGUL.search(text), name


def test_no_korean_text_without_an_english_one() -> None:
    korean = {path.parent for path in ROOT.glob("pages/**/text.ko.md")}
    assert korean == {path.parent for path in TEXTS}


@pytest.mark.parametrize("folder", ["pages", "engine", "streamlit_app.py"])
def test_no_korean_outside_the_assets(folder: str) -> None:
    """Words belong in labels and texts, but for names of languages and of folders that are read."""
    root = ROOT / folder
    files = [root] if root.is_file() else [*root.rglob("*.py"), *root.rglob("*.js")]
    loose = [f for f in files if HANGUL.search(f.read_text(encoding="utf-8"))]
    assert {f.name for f in loose} <= {"words.py", "frame.py", "class_folders.py"}


def test_every_error_raised_has_its_sentence() -> None:
    known = tomllib.loads((ROOT / "assets/labels/errors.toml").read_text(encoding="utf-8"))
    raised = re.compile(r"InputError\(\s*\"(\w+)\"")
    used = {
        key
        for file in (ROOT / "engine").rglob("*.py")
        for key in raised.findall(file.read_text(encoding="utf-8"))
    }
    assert used, "no error is raised anywhere: the pattern is wrong"
    assert used <= known.keys()


EMPHASIS = re.compile(r"(?<!\*)(\*{1,2})(?!\*)")


def bare_asterisks(paragraph: str) -> list[str]:
    """Marks that CommonMark shows as they are: "**5 %**입니다" is not bold, since the closing mark
    stands between a sign and a letter. The opening one has the mirrored rule."""
    marks = list(EMPHASIS.finditer(re.sub(r"`[^`]*`|\{[^}]*\}", "a", paragraph)))
    text = marks[0].string if marks else ""
    found = []
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        before, after = text[: opening.start()][-1:], text[closing.end() :][:1]
        first, last = text[opening.end()], text[closing.start() - 1]
        shut = last.isspace() or (not last.isalnum() and after.isalnum())
        if shut or first.isspace() or (not first.isalnum() and before.isalnum()):
            found.append(text[opening.start() : closing.end() + 5])
    return found


@pytest.mark.parametrize("path", [*TEXTS, *ROOT.glob("pages/**/text.ko.md")], ids=_name)
def test_what_is_emphasised_is_shown_so(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [mark for line in lines for mark in bare_asterisks(line)] == []


@pytest.mark.parametrize("path", LABELS, ids=_name)
def test_an_emphasised_label_is_shown_so(path: Path) -> None:
    for key, versions in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for text in versions.values():
            if "**" in text:  # a single one is a sign of its own there, if anything
                assert bare_asterisks(text) == [], key
