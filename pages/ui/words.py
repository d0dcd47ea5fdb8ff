"""Words in English and Korean: labels side by side in TOML, prose in one Markdown file a language.

- ``assets/labels/<stem>.toml``: ``[key]`` with ``en`` and ``ko``; ``{placeholders}`` are filled by
  the caller. ``shared.toml`` holds what every page uses.
- ``assets/text/<stem>.<lang>.md``: sections that begin with a line ``<!-- name -->``.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

LANGUAGES = {"en": "EN", "ko": "한국어"}
_ASSETS = Path(__file__).resolve().parents[2] / "assets"
_SECTION = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)


def language() -> str:
    """The reader's language: "en" or "ko" (set by the frame)."""
    return st.session_state.get("lang", "en")


@cache
def _labels(stem: str) -> dict[str, dict[str, str]]:
    text = (_ASSETS / "labels" / f"{stem}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def has_labels(stem: str) -> bool:
    """Whether ``assets/labels/<stem>.toml`` exists."""
    return (_ASSETS / "labels" / f"{stem}.toml").is_file()


def label(stem: str, key: str, **params: object) -> str:
    """One label of ``assets/labels/<stem>.toml`` with its placeholders filled."""
    return _labels(stem)[key][language()].format(**params)


def labels_with_prefix(stem: str, prefix: str) -> dict[str, str]:
    """All labels whose key begins with ``prefix``, by the rest of their key."""
    found = _labels(stem).items()
    return {key.removeprefix(prefix): t[language()] for key, t in found if key.startswith(prefix)}


@cache
def _sections(stem: str, lang: str) -> dict[str, str]:
    text = (_ASSETS / "text" / f"{stem}.{lang}.md").read_text(encoding="utf-8")
    parts = _SECTION.split(text)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def prose(stem: str, section: str, **params: object) -> str:
    """One section of the page's prose as Markdown; placeholders are filled if any are given."""
    text = _sections(stem, language())[section]
    return text.format(**params) if params else text


def has_prose(stem: str, section: str) -> bool:
    """Whether the page's prose has this section."""
    return section in _sections(stem, language())
