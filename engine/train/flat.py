"""Settings as a link or a query holds them: one text a field, ``net=mlp&depth=3``. No torch."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from engine.errors import InputError
from engine.train.settings import (
    DataSettings,
    DetectorSettings,
    RunSettings,
    SegmenterSettings,
    TrainSettings,
    settings_from_dict,
)
from engine.trainable.net_settings import NetSettings

_GROUPS = {
    "data": DataSettings,
    "net": NetSettings,
    "train": TrainSettings,
    "detector": DetectorSettings,
    "segmenter": SegmenterSettings,
}
_TRUE, _FALSE = ("true", "True", "1"), ("false", "False", "0")


def flat_fields() -> dict[str, tuple[str, dataclasses.Field]]:
    """Flat name → group and field; a group's own ``name`` is called as the group."""
    return {
        (group if field.name == "name" else field.name): (group, field)
        for group, kind in _GROUPS.items()
        for field in dataclasses.fields(kind)
    }


def settings_from_flat(values: Mapping[str, str]) -> RunSettings:
    """The settings that texts by flat name say; "seed" too; what is left out takes its default.

    Lists are separated by commas.

    Raises:
        InputError: no such setting, or a value that is not accepted.
    """
    fields = flat_fields()
    groups: dict[str, Any] = {group: {} for group in _GROUPS}
    for name, text in values.items():
        if name == "seed":
            groups["seed"] = _read(name, text, 0)
        elif name in fields:
            group, field = fields[name]
            groups[group][field.name] = _read(name, text, field.default)
        else:
            raise InputError("setting_unknown_flat", name=name[:40])
    return settings_from_dict(groups)


def _read(name: str, text: str, like: Any) -> Any:
    """``text`` as the type of the field's default; what cannot be read is refused as it came."""
    if isinstance(like, bool):
        return text in _TRUE if text in (*_TRUE, *_FALSE) else text
    if isinstance(like, tuple):
        return [each for each in text.split(",") if each]
    if isinstance(like, int | float):
        try:
            number = float(text)
        except ValueError:
            raise InputError(
                "value_wrong", name=name, value=text[:40], accepted="0, 1, …"
            ) from None
        return int(number) if isinstance(like, int) and number.is_integer() else number
    return text
