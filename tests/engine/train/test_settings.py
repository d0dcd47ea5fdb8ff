"""Settings: what exists is valid, what is refused says what is accepted, JSON and back."""

import dataclasses
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.detection.detectnet.losses import COVERAGE_LOSSES
from engine.errors import InputError
from engine.train import settings as known
from engine.train.augment import make_transform
from engine.train.losses import LOSSES
from engine.train.settings import DetectorSettings, RunSettings, TrainSettings, settings_from_dict
from engine.trainable import layers
from engine.trainable import net_settings as nets
from engine.trainable.net_settings import NetSettings, net_defaults


def test_nothing_gives_the_defaults():
    assert settings_from_dict({}) == RunSettings()


@pytest.mark.parametrize("name", [*nets.NETS, *nets.DETECTORS, *nets.SEGMENTERS])
def test_json_and_back(name: str):
    settings = RunSettings(net=net_defaults(name), train=TrainSettings(augment=("flip", "crop")))
    assert settings_from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings_from_dict({"net": {"name": name}}).net == net_defaults(name)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "run must be names with values"),
        ({"train": 3}, "train must be names with values"),
        ({"net": {"name": "vgg99"}}, "must be one of softmax"),
        ({"net": {"name": ["mlp"]}}, "must be one of softmax"),
        ({"net": {"depth": 51}}, "depth must be a whole number from 1 to 50"),
        ({"net": {"depth": 2.5}}, "whole number"),
        ({"net": {"depth": True}}, "whole number"),
        ({"net": {"skip": 1}}, "true or false"),
        ({"data": {"name": 5}}, "must be a text"),
        ({"train": {"learning_rate": float("nan")}}, "number from 0.0 to 100.0"),
        ({"train": {"learning_rate": "fast"}}, "“fast”"),
        ({"train": {"augment": "flip"}}, "list of names"),
        ({"train": {"augment": ["flop"]}}, "one of flip, crop"),
        ({"train": {"epoch": 5}}, "no setting epoch in train; the nearest is epochs"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"sed": 1}, "the nearest is seed"),
    ],
)
def test_what_is_not_accepted_gets_a_sentence(values: object, said: str):
    with pytest.raises(InputError, match=said) as caught:
        settings_from_dict(values)
    assert caught.value.sentence("ko") != caught.value.sentence("en")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "net", "train", "seed", "name", "depth"]), inner
            )
        ),
    )
)
def test_any_json_is_settings_or_a_sentence(values: object):
    said = ""
    try:
        assert isinstance(settings_from_dict(values), RunSettings)
    except InputError as error:
        said = str(error)
    assert len(said) < 400


@pytest.mark.parametrize("kind", [known.DataSettings, NetSettings, TrainSettings, DetectorSettings])
def test_every_field_states_what_it_accepts(kind: type):
    for field in dataclasses.fields(kind):
        assert field.metadata["words"]
        assert len(field.metadata) >= 2


def test_every_name_is_one_that_the_engine_has():
    assert tuple(layers.ACTIVATIONS) == nets.ACTIVATIONS
    assert (layers.NORMS, layers.INITS) == (nets.NORMS, nets.INITS)
    assert tuple(LOSSES) == known.LOSSES
    assert set(nets.NET_OPTIONS) == {*nets.NETS, *nets.DETECTORS, *nets.SEGMENTERS}
    assert tuple(COVERAGE_LOSSES) == known.COVERAGE_LOSSES
    assert make_transform(known.AUGMENTATIONS, 0.5, (8, 8)) is not None


def test_what_pages_need_at_once_imports_without_torch():
    names = "train.settings", "fields", "runs.folder", "runs.state", "runs.events"
    names += "runs.workers", "runs.ownership", "runs.writing", "runs.__main__", "train.__main__"
    code = f"import sys\nfor n in {names}: __import__('engine.' + n)\nprint('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
