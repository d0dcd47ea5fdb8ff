"""A comparison's run is known by its settings, however they have travelled."""

import json
from dataclasses import replace

import pytest

from engine.serving.comparisons.compute import name_comparison, plan
from engine.train.settings import RunSettings, TrainSettings, settings_from_dict


def as_a_browser_sends(values: object) -> object:
    """JSON as JavaScript writes it: 1.0 has become 1."""
    if isinstance(values, dict):
        return {name: as_a_browser_sends(each) for name, each in values.items()}
    return int(values) if isinstance(values, float) and values.is_integer() else values


@pytest.mark.parametrize("learning_rate", [0.0, 0.25, 3.0, 100.0])
def test_a_browser_gives_back_the_settings_that_it_was_given(learning_rate: float) -> None:
    settings = RunSettings(train=TrainSettings(learning_rate=learning_rate, augment=("flip",)))
    (planned,) = plan({"one": settings})
    sent = json.loads(json.dumps(as_a_browser_sends(planned["settings"])))
    assert name_comparison(settings_from_dict(sent)) == planned["name"]


def test_other_settings_have_another_name() -> None:
    plain = RunSettings()
    others = [
        replace(plain, seed=1),
        replace(plain, train=replace(plain.train, shuffle=False)),
        replace(plain, net=replace(plain.net, dropout=0.1)),
    ]
    assert len({name_comparison(each) for each in (plain, *others)}) == 4
