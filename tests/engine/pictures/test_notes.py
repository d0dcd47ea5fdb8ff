"""Notes in words: both languages, the same placeholders, and every key that the code uses."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from engine.pictures import Note, note_sentence

ROOT = Path(__file__).resolve().parents[3]
NOTES = tomllib.loads((ROOT / "assets/labels/notes.toml").read_text(encoding="utf-8"))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", NOTES)
def test_both_languages_say_the_same(key: str) -> None:
    english, korean = NOTES[key]["en"], NOTES[key]["ko"]
    assert placeholders(english) == placeholders(korean)
    assert english.endswith(".")
    assert re.search(r"(니다|픽셀)\.$", korean)
    params = dict.fromkeys(placeholders(english), 7)
    assert "{" not in note_sentence(Note(key, params), "ko")


def test_every_note_is_used_and_every_used_note_exists() -> None:
    folders = [ROOT / "engine" / each for each in ("pictures", "data", "labels", "serving/labels")]
    paths = [path for folder in folders for path in folder.glob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in paths)
    used = set(re.findall(r'(?:Note\(|note\(|_counts\[)"(\w+)"', sources))
    used |= set(re.findall(r'"(first_\w+)"', sources))
    assert used == NOTES.keys()


def test_a_note_in_words() -> None:
    params = {"from_width": 8000, "from_height": 6000, "to_width": 2048, "to_height": 1536}
    note = Note("scaled_down", params)
    assert note_sentence(note, "en") == "Scaled down from 8000 × 6000 to 2048 × 1536 pixels."
    assert "8000 × 6000 → 2048 × 1536픽셀" in note_sentence(note, "ko")
    assert note_sentence(note, "fr") == note_sentence(note, "en")
