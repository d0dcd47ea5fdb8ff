"""What became of the files in a learner's archive, in facts and in sentences."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.data.class_folders import PARTS
from engine.data.own_files import show_name
from engine.errors import InputError
from engine.pictures.picture import Note

Fit = Literal["crop", "squash"]
NAMED_REFUSALS = 20
_NAMED_TOOLS = 8


@dataclass(frozen=True, eq=False)
class Refused:
    """A file that was left out: its path, fit to be shown, and why."""

    path: str
    reason: InputError


@dataclass(frozen=True, eq=False)
class Report:
    """What became of the files. Names are a stranger's: text, never markup.

    Attributes:
        kept: (class, pictures), in the order of the data set's classes.
        refused_count: files that were left out.
        refused: the first ``NAMED_REFUSALS`` of them.
        left_out: (class, pictures) of folders with too few pictures, empty ones among them.
        smallest: (H, W) of the kept picture with the fewest pixels, before resizing.
        largest: (H, W) of the one with the most.
        fit: "crop" (the middle square, or the wanted shape) or "squash" (sides scaled apart).
        notes: what else there is to say: the archive's own parts, copies, what tools left behind.
    """

    kept: tuple[tuple[str, int], ...]
    refused_count: int
    refused: tuple[Refused, ...]
    left_out: tuple[tuple[str, int], ...]
    smallest: tuple[int, int]
    largest: tuple[int, int]
    fit: Fit
    notes: tuple[Note, ...] = ()


class NoneAcceptedError(InputError):
    """No class was left; the sentence ends with the first refused file's own reason."""

    def __init__(self, first: Refused, least: int, refused: int) -> None:
        self._first = first
        super().__init__("own_all_refused", path=first.path, least=least, refused=refused)

    def sentence(self, lang: str) -> str:
        """The sentence in ``lang``, then the first file's reason in ``lang``."""
        return f"{super().sentence(lang)} {self._first.reason.sentence(lang)}"


def note_tools(ignored: Mapping[str, int]) -> tuple[Note, ...]:
    """That files were passed over, by the name of what made them."""
    return (Note("own_ignored", {"names": list_tools(ignored)}),) if ignored else ()


def list_tools(ignored: Mapping[str, int]) -> str:
    """ ".ipynb_checkpoints (3), .DS_Store (1)"; the most frequent first."""
    common = Counter(ignored).most_common(_NAMED_TOOLS)
    named = ", ".join(f"{show_name(name)} ({count})" for name, count in common)
    return named + (", …" if len(ignored) > len(common) else "")


def note_parts(counts: Mapping[str, int]) -> tuple[Note, ...]:
    """That the archive's own division is kept, with the pictures in each part."""
    kept = Note("own_parts_kept", {part: counts.get(part, 0) for part in PARTS})
    return (kept,) if counts.get("validation") else (kept, Note("own_no_validation"))


def note_copies(pairs: list[tuple[str, str]], not_learnt: int) -> tuple[Note, ...]:
    """That there are copies; ``pairs`` are the paths of a copy and of its original."""
    if not pairs:
        return ()
    copy, original = pairs[0]
    notes = (Note("own_copies", {"count": len(pairs), "copy": copy, "original": original}),)
    return (*notes, Note("own_copies_apart", {"count": not_learnt})) if not_learnt else notes
