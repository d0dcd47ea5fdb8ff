"""What detectors find, in the reader's language; English where we have no other word.

The API's answers for programs keep the English names; what a stage shows is said through here.
"""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).resolve().parents[2] / "assets" / "labels" / "classes.toml"


@cache
def _load_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def class_word(name: str, lang: str) -> str:
    """A class's name in ``lang`` ("en" or "ko").

    Args:
        name: in English, as a detector names it.
        lang: the reader's language.
    """
    return _load_words().get(name, {}).get(lang, name)


def named_labels(labels: Iterable[int], class_names: Sequence[str], lang: str) -> dict[str, str]:
    """By label, as JSON wants its keys: what each that occurs is called in ``lang``."""
    return {str(label): class_word(class_names[label], lang) for label in sorted(set(labels))}
