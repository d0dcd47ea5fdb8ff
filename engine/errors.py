"""Errors that a person can act on.

Each sentence lives once, in English and Korean, in ``assets/labels/errors.toml``: it says what was
wrong and what is accepted. The API and the pages show the same sentence.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SENTENCES = Path(__file__).resolve().parents[1] / "assets" / "labels" / "errors.toml"


@cache
def _load_sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))


class _Filling(string.Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        one, several, more = format_spec.partition("|")
        if several:
            return one if str(value) == "1" else more
        return str(super().format_field(value, format_spec))


def fill(text: str, params: Mapping[str, object]) -> str:
    """A sentence with its placeholders filled, as ``str.format`` does.

    ``{count:box|boxes}`` stands for "box" where ``count`` is 1 and for "boxes" elsewhere; the
    number itself is written by ``{count}``. The browser's ``fill`` (draw.js) reads the same.
    """
    return _Filling().vformat(text, (), params)


class InputError(ValueError):
    """Input that cannot be used, with a sentence in the reader's language.

    Args:
        key: name of the sentence in ``assets/labels/errors.toml``.
        status: the HTTP status that fits (400 to 499).
        **params: what the sentence's placeholders stand for.
    """

    def __init__(self, key: str, status: int = 422, **params: object) -> None:
        self.key = key
        self.status = status
        self.params = params
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str) -> str:
        """The sentence in ``lang`` ("en" or "ko"); English where the language is unknown."""
        versions = _load_sentences()[self.key]
        said = fill(versions.get(lang, versions["en"]), self.params)
        return said.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be sent
