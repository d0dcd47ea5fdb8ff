"""What the engine calls a picture, and what it tells about how the picture came to be.

A note is a fact the reader should know ("first frame only", "scaled from ... to ..."). Its sentence
lives once, in English and Korean, in ``assets/labels/notes.toml``.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from engine.errors import fill

# What no file may be called on one system or another, and what ends a header's value.
_UNFIT = re.compile(r'[<>:"|?*%;\x00-\x1f\x7f]')
_SENTENCES = Path(__file__).resolve().parents[2] / "assets" / "labels" / "notes.toml"


@cache
def _load_sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Note:
    """One thing that was done to a picture on its way in.

    Attributes:
        key: name of the sentence in ``assets/labels/notes.toml``.
        params: what the sentence's placeholders stand for.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that pages and routes can ask for again by its ``ref``.

    Attributes:
        ref: a sample's name or a store's token; what goes into a link.
        name: what to call it on screen (the file's name, or the sample's).
        pixels: uint8 (H, W, 3), RGB, read-only.
        file_name: what its file is called; "picture.png" where nobody said.
        original_size: (H, W) in its file, upright; more than the pixels' where it was scaled down.
        notes: what was done to it on its way in.
    """

    ref: str
    name: str
    pixels: np.ndarray
    file_name: str
    original_size: tuple[int, int]
    notes: tuple[Note, ...] = ()

    @property
    def stem(self) -> str:
        """The file's name without folders and ending, fit to begin another file's name."""
        last = re.split(r"[/\\]", self.file_name)[-1]
        stem = _UNFIT.sub("_", last.rpartition(".")[0] or last)
        return stem.strip(" .") or "picture"


def note_sentence(note: Note, lang: str) -> str:
    """The note in words, in ``lang`` ("en" or "ko"); English where the language is unknown."""
    versions = _load_sentences()[note.key]
    return fill(versions.get(lang, versions["en"]), note.params)
