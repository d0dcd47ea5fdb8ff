"""The controls a stage can hold, and the check of what comes back from the browser.

Their bounds, defaults and choices are the contract's (:func:`controls_of`), never a page's own.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.serving.offer import Fixed, Offer

Value = float | int | str | bool
_Mark = TypeVar("_Mark")


@dataclass(frozen=True)
class Slider:
    """A number in ``[low, high]`` in steps of ``step``; whole numbers if ``step`` is whole.

    With ``log``, equal ways on the slider are equal factors (``low`` above 0); values are multiples
    of ``step``. Controls of one ``group`` stand in a fold whose title is ``group_<group>``.
    """

    name: str
    low: float
    high: float
    default: float
    step: float = 1
    unit: str = ""
    log: bool = False
    group: str = ""

    def read(self, raw: object) -> Value:
        """``raw`` (text of a link, JSON of the browser) as a legal value, else the default."""
        try:
            number = float(raw)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return self.default
        if not math.isfinite(number) or not self.low <= number <= self.high:
            return self.default
        base = 0 if self.log else self.low
        number = base + round((number - base) / self.step) * self.step
        return int(number) if float(self.step).is_integer() else round(number, 6)

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        bounds = {"low": self.low, "high": self.high, "step": self.step}
        return {"kind": "slider", "log": self.log, **bounds}


@dataclass(frozen=True)
class Choice:
    """One of several named options; labels come from ``option_<name>_<value>``.

    ``titles`` gives labels that are names of their own (layers, networks) and not translated;
    ``groups`` sorts options under headings.
    """

    name: str
    options: Sequence[str]
    default: str
    titles: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    group: str = ""

    def read(self, raw: object) -> Value:
        """``raw`` if it is an option, else the default."""
        return raw if isinstance(raw, str) and raw in self.options else self.default

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it, but for the labels."""
        return {"kind": "choice"}


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    name: str
    default: bool = False
    group: str = ""

    def read(self, raw: object) -> Value:
        """True for True, 1 and "1", False for their opposites, else the default."""
        if raw in (True, "1", "true"):
            return True
        return False if raw in (False, "0", "false") else self.default

    def describe(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        return {"kind": "toggle"}


@dataclass(frozen=True)
class Hidden:
    """A value that the view sets itself (a chosen cell, an edited kernel): text, bounded.

    ``default`` is what it is before anyone touched it; ``pattern`` must match the whole text.
    """

    name: str
    pattern: str
    default: str = ""
    max_length: int = 2000

    def read(self, raw: object) -> Value:
        """``raw`` if it has the stated form, else the default."""
        import re

        text = raw if isinstance(raw, str) else ""
        fits = len(text) <= self.max_length and re.fullmatch(self.pattern, text)
        return text if fits else self.default

    def describe(self) -> dict[str, Any]:
        """Nothing to draw."""
        return {"kind": "hidden"}


Control = Slider | Choice | Toggle | Hidden


def read_values(controls: Sequence[Control], raw: dict[str, Any]) -> dict[str, Value]:
    """Legal values for all controls out of whatever came: wrong or missing ones are defaults."""
    return {c.name: c.read(raw[c.name]) if c.name in raw else c.default for c in controls}


@dataclass(frozen=True)
class Options:
    """What a choice offers where only the running engine knows it: detectors, networks, classes.

    ``titles`` and ``groups`` as of :class:`Choice`.
    """

    values: Sequence[str]
    titles: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def controls_of(
    contract: type[BaseModel],
    *names: str,
    options: Mapping[str, Options] | None = None,
    ends: Mapping[str, tuple[float, float]] | None = None,
    defaults: Mapping[str, Value] | None = None,
) -> list[Control]:
    """The controls of a contract, in the order of its fields.

    Args:
        contract: the model that the stage's route is asked with.
        names: which fields; all but the fixed ones if none is named.
        options: by field, the choices of a field of text that any text of its form fits, and the
            titles and groups of choices whose labels are names.
        ends: by field, the ends of a slider that depend on what is shown (the epochs of a run).
        defaults: by field, the first value where it depends on what is shown.

    Raises:
        KeyError: a name that the contract does not know.
        TypeError: a field that no control can show.
    """
    fields = contract.model_fields
    wanted = names or tuple(n for n, each in fields.items() if not _marked(each, Fixed))
    options, ends, defaults = options or {}, ends or {}, defaults or {}
    for name in {*options, *ends, *defaults} - set(wanted):
        raise KeyError(name)
    return [
        _control(name, fields[name], options.get(name), ends.get(name), defaults.get(name))
        for name in wanted
    ]


def first_state(controls: Sequence[Control]) -> dict[str, Value]:
    """Every control at its default: what a page shows before anyone has touched it."""
    return {control.name: control.default for control in controls}


def _control(
    name: str,
    told: FieldInfo,
    options: Options | None,
    ends: tuple[float, float] | None,
    default: Value | None,
) -> Control:
    first: Any = told.default if default is None else default
    offer = _marked(told, Offer) or Offer()
    kind = told.annotation
    if options is not None or offer.only or get_origin(kind) is Literal:
        told_options = options or Options(offer.only or get_args(kind))
        values, titles, groups = told_options.values, told_options.titles, told_options.groups
        values = values or offer.only or get_args(kind)
        return Choice(name, list(values), str(first), dict(titles), dict(groups), offer.group)
    if kind is bool:
        return Toggle(name, first, offer.group)
    if kind in (int, float):
        low, high = ends or _bounds(told, offer)
        step = offer.step or (1 if kind is int else None)
        if step is None:
            raise TypeError(f"{name}: a slider of fractions needs Offer(step=…)")
        return Slider(name, low, high, first, step, offer.unit, offer.log, offer.group)
    if kind is str and (pattern := _constraint(told, "pattern")):
        length = _constraint(told, "max_length") or Hidden.max_length
        return Hidden(name, pattern, first, length)
    raise TypeError(f"{name}: no control shows {kind}")


def _bounds(told: FieldInfo, offer: Offer) -> tuple[float, float]:
    low: Any = offer.low
    high: Any = offer.high
    for bound in told.metadata:
        if isinstance(bound, Ge) and low is None:
            low = bound.ge
        if isinstance(bound, Le) and high is None:
            high = bound.le
    if low is None or high is None:
        raise TypeError("a slider needs both ends: ge and le, or Offer(low=…, high=…)")
    return low, high


def _constraint(told: FieldInfo, name: str) -> Any:
    found = [getattr(each, name) for each in told.metadata if getattr(each, name, None) is not None]
    return found[0] if found else None


def _marked(told: FieldInfo, kind: type[_Mark]) -> _Mark | None:
    found = [each for each in told.metadata if isinstance(each, kind)]
    return found[0] if found else None
