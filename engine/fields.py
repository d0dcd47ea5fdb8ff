"""Settings as frozen dataclasses whose fields state what they accept; checked when made.

Imports no torch: pages and the command line read bounds and choices from here at once.
"""

import dataclasses
import difflib
import math
from collections.abc import Mapping
from typing import Any

from engine.errors import InputError

_SHOWN = 60


def number(default: float, low: float, high: float, words: str) -> Any:
    """A field between ``low`` and ``high``, both included; whole where ``default`` is an int."""
    bounds = {"low": low, "high": high, "words": words}
    return dataclasses.field(default=default, metadata=bounds)


def choice(default: str, choices: tuple[str, ...], words: str) -> Any:
    """A field that is one of ``choices``."""
    return dataclasses.field(default=default, metadata={"choices": choices, "words": words})


def several(choices: tuple[str, ...], words: str, graded: bool = False) -> Any:
    """A field that is any number of ``choices``, none by default.

    Where it is ``graded`` each may have a strength in [0, 1] of its own: "rotate:0.3".
    """
    accepts = {"several": choices, "graded": graded, "words": words}
    return dataclasses.field(default=(), metadata=accepts)


def read_graded(text: str) -> tuple[str, float | None]:
    """ "rotate:0.3" as ("rotate", 0.3); "rotate" as ("rotate", None).

    Raises:
        ValueError: what follows the colon is no number.
    """
    name, colon, strength = text.partition(":")
    return name, float(strength) if colon else None


def switch(default: bool, words: str) -> Any:
    """A field that is true or false."""
    return dataclasses.field(default=default, metadata={"switch": True, "words": words})


def text(default: str, words: str) -> Any:
    """A field that is a short text."""
    return dataclasses.field(default=default, metadata={"text": True, "words": words})


def check(settings: Any) -> None:
    """Raises InputError where a field holds what it does not accept."""
    for field in dataclasses.fields(settings):
        value, accepts = getattr(settings, field.name), field.metadata
        if "low" in accepts:
            _check_number(field, value)
        elif "choices" in accepts:
            _check_choice(field.name, value, accepts["choices"])
        elif "several" in accepts:
            if not isinstance(value, tuple):
                raise InputError("setting_not_list", name=field.name, value=_shown(value))
            for each in value:
                _check_several(field.name, each, accepts["several"], accepts["graded"])
        elif "switch" in accepts and not isinstance(value, bool):
            raise InputError("setting_not_switch", name=field.name, value=_shown(value))
        elif "text" in accepts and not _is_text(value):
            raise InputError("setting_not_text", name=field.name, value=_shown(value))


def _is_text(value: Any) -> bool:
    """Whether it is text that can be written: half a surrogate pair cannot."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _check_number(field: dataclasses.Field, value: Any) -> None:
    low, high, whole = field.metadata["low"], field.metadata["high"], isinstance(field.default, int)
    fits = isinstance(value, int) if whole else isinstance(value, int | float)
    if not fits or isinstance(value, bool) or not math.isfinite(value) or not low <= value <= high:
        key = "setting_not_whole" if whole else "setting_out_of_range"
        raise InputError(key, name=field.name, value=_shown(value), low=low, high=high)


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        shown = ", ".join(choices)
        raise InputError("setting_unknown_choice", name=name, value=_shown(value), choices=shown)


def _check_several(name: str, value: Any, choices: tuple[str, ...], graded: bool) -> None:
    bare, colon, text = (
        value.partition(":") if graded and isinstance(value, str) else (value, "", "")
    )
    _check_choice(name, bare, choices)
    if not colon:
        return
    try:
        fits = 0 <= float(text) <= 1
    except ValueError:
        fits = False
    if not fits:
        where = f"{name} {bare}"
        raise InputError("setting_out_of_range", name=where, value=_shown(text), low=0, high=1)


def _shown(value: Any) -> str:
    return str(value)[:_SHOWN]


def from_dict(kind: type, values: Any, where: str) -> Any:
    """A dataclass from what JSON gave; fields that are left out take their defaults.

    Args:
        kind: the dataclass.
        values: a mapping of field names to values; lists become tuples.
        where: what the values are called in a sentence, "training".

    Raises:
        InputError: not a mapping, a name that there is none of, or a value not accepted.
    """
    if not isinstance(values, Mapping):
        raise InputError("setting_not_group", name=where, value=_shown(values))
    known = {field.name: field for field in dataclasses.fields(kind)}
    ready = {}
    for name, value in values.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.0)
            shown = _shown(name)
            raise InputError("setting_unknown", where=where, name=shown, nearest=near[0])
        ready[name] = tuple(value) if isinstance(value, list) else value
    return kind(**ready)
