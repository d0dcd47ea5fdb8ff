"""Words in English and Korean: labels side by side in TOML, prose in one Markdown file a language.

- ``labels.toml`` in the page's folder: ``[key]`` with ``en`` and ``ko``; ``{placeholders}`` are
  filled by the caller, and ``{count:box|boxes}`` becomes the word that fits the number
  (:func:`engine.errors.fill`; draw.js reads the same). ``<view>.labels.toml`` beside it, called
  ``<page>.<view>``, where a further view has many of its own. What several pages use stands in
  ``pages/ui/labels/<name>.toml``, or beside a view that they share in ``pages/ui/<view>/``.
- ``text.<lang>.md`` in the page's folder: sections that begin with a line ``<!-- name -->``.
"""

import math
import re
import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

from engine.errors import fill
from pages.ui.chapters import UI, page_folder

LANGUAGES = {"en": "EN", "ko": "한국어"}
_SECTION = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)


def language() -> str:
    """The reader's language: "en" or "ko" (set by the frame)."""
    return st.session_state.get("lang", "en")


@cache
def _labels(stem: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(_label_file(stem).read_text(encoding="utf-8"))


def _label_file(stem: str) -> Path:
    page, _, view = stem.partition(".")
    if folder := page_folder(page):
        return folder / (f"{view}.labels.toml" if view else "labels.toml")
    shared_view = UI / stem / "labels.toml"
    return shared_view if shared_view.is_file() else UI / "labels" / f"{stem}.toml"


def has_labels(stem: str) -> bool:
    """Whether there are labels of this name."""
    return _label_file(stem).is_file()


def label(stem: str, key: str, **params: object) -> str:
    """One label of a page (or of what pages share) with its placeholders filled."""
    return fill(_labels(stem)[key][language()], params)


def labels_with_prefix(stem: str, prefix: str) -> dict[str, str]:
    """All labels whose key begins with ``prefix``, by the rest of their key."""
    found = _labels(stem).items()
    return {key.removeprefix(prefix): t[language()] for key, t in found if key.startswith(prefix)}


@cache
def _sections(stem: str, lang: str) -> dict[str, str]:
    folder = page_folder(stem)
    assert folder is not None, f"{stem} is no page"
    text = (folder / f"text.{lang}.md").read_text(encoding="utf-8")
    parts = _SECTION.split(text)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def prose(stem: str, section: str, **params: object) -> str:
    """One section of the page's prose as Markdown; placeholders are filled if any are given."""
    text = _sections(stem, language())[section]
    return fill(text, params) if params else text


def has_prose(stem: str, section: str) -> bool:
    """Whether the page's prose has this section."""
    return section in _sections(stem, language())


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = (1e-3, 1e5)  # numbers between these are written out


_MOST_DIGITS = 15


def told_apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers as :func:`brief` has them, with as many more digits as show that they differ."""
    for digits in range(3, _MOST_DIGITS):
        texts = brief(first, digits), brief(second, digits)
        if first == second or texts[0] != texts[1]:
            return texts
    return brief(first, _MOST_DIGITS), brief(second, _MOST_DIGITS)


def brief(value: float, significant: int = 3) -> str:
    """Three significant digits, as people write them: 4.27 × 10⁶, −0.12 (plot_numbers.js's)."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    low, high = _PLAIN
    if value == 0 or (float(value).is_integer() and abs(value) < high):
        return f"{int(value)}".replace("-", "−")
    digits, power = f"{value:.{significant - 1}e}".split("e")
    if low <= abs(float(f"{digits}e{power}")) < high:
        return (
            f"{float(f'{digits}e{power}'):.{significant + 7}f}".rstrip("0")
            .rstrip(".")
            .replace("-", "−")
        )
    digits = digits.rstrip("0").rstrip(".").replace("-", "−")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"
