"""What is said of data sets before they are loaded is true once they are."""

import pytest

from engine.data.data_set import DataSet
from engine.data.datasets import DATA_SET_NAMES, load_data_set
from engine.data.known import KNOWN_SETS
from engine.data.panoptic_scenes import CATEGORIES
from engine.data.published import PUBLISHED_NAMES
from engine.data.scenes import SCENES96
from engine.data.shapes import SHAPES
from engine.errors import InputError
from engine.segment.masked_scenes import SCENES
from engine.train.settings import MASKED_SCENES
from engine.train.settings import SCENES as SCENES_NAME


def loaded(name: str) -> DataSet | str:
    """A data set, or the key of what is said where it is not here."""
    try:
        return load_data_set(name)
    except InputError as error:
        return error.key


@pytest.mark.parametrize("name", DATA_SET_NAMES)
def test_sets_that_are_here_are_as_they_are_said_to_be(name: str):
    data = loaded(name)
    if isinstance(data, str):  # a published one that nobody has downloaded
        assert (data, name in PUBLISHED_NAMES) == ("data_missing", True)
        return
    known = KNOWN_SETS[name]
    channels, height, width = known.input_shape
    assert data.images.shape == (known.count, height, width, channels)
    assert len(data.classes) == known.classes


def test_scenes_are_as_they_are_said_to_be():
    assert KNOWN_SETS[SCENES_NAME].input_shape == (3, *SCENES96.size)
    assert KNOWN_SETS[SCENES_NAME].classes == len(SHAPES)
    assert KNOWN_SETS[MASKED_SCENES].input_shape[1:] == tuple(SCENES.size)
    assert KNOWN_SETS[MASKED_SCENES].classes == len(CATEGORIES)
