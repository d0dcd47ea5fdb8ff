"""Settings as texts: every field comes back, and nothing else is taken."""

import dataclasses

import pytest

from engine.errors import InputError
from engine.train.flat import flat_fields, settings_from_flat
from engine.train.settings import RunSettings, TrainSettings, settings_from_dict


def test_nothing_said_is_the_default():
    assert settings_from_flat({}) == RunSettings()


def test_every_field_can_be_said():
    said = settings_from_dict(
        {
            "seed": 7,
            "data": {"name": "digits", "label_noise": 0.25, "per_class": 40},
            "net": {"name": "mlp", "depth": 4, "skip": True},
            "train": {"shuffle": False, "augment": ["flip", "crop"], "learning_rate": 0.5},
        }
    )
    groups = said.to_dict()
    texts = {"seed": "7"}
    for name, (group, field) in flat_fields().items():
        value = groups[group][field.name]
        texts[name] = ",".join(value) if isinstance(value, list | tuple) else str(value).lower()
    assert settings_from_flat(texts) == said


def test_no_two_settings_share_a_name():
    count = sum(len(group) for group in RunSettings().to_dict().values() if isinstance(group, dict))
    assert len(flat_fields()) == count
    assert flat_fields()["data"][0] == "data"
    assert flat_fields()["epochs"][1] in dataclasses.fields(TrainSettings)


@pytest.mark.parametrize(
    "texts",
    [
        {"nonesuch": "1"},
        {"epochs": "many"},
        {"epochs": "1.5"},
        {"epochs": "-3"},
        {"learning_rate": "nan"},
        {"learning_rate": "inf"},
        {"shuffle": "perhaps"},
        {"net": "vgg99"},
        {"augment": "flip,fly"},
        {"seed": "x"},
    ],
)
def test_what_is_not_accepted_is_a_sentence(texts: dict[str, str]):
    with pytest.raises(InputError) as refused:
        settings_from_flat(texts)
    assert refused.value.sentence("ko") != refused.value.sentence("en")
