"""Columns, lanes and parts of the networks, counted by hand from their definitions."""

import pytest

from engine.walk.layers import MOST_COLUMNS, PART_COLUMNS, parts
from tests.engine.walk.conftest import NETS, layers_of, plan_of

COLUMNS = {  # input and softmax included
    "softmax": 3,
    "mlp": 1 + 2 + 2 * 3 + 1 + 1,  # the second and third hidden layer add their input
    "lenet": 1 + 3 + 3 + 2 + 2 + 1 + 1,
    "small_vgg": 1 + 3 * 5 + 1 + 1,
    "small_resnet": 1 + 2 + 6 * 5 + 2 + 1 + 1 + 1,  # two of six blocks have a shortcut of their own
    "small_inception": 1 + 2 + 3 * 5 + 2 + 1 + 1 + 1,
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_as_many_columns_as_operations_that_change_something(kind: str) -> None:
    assert max(layer.column for layer in layers_of(kind)) + 1 == COLUMNS[kind]


@pytest.mark.parametrize("kind", NETS)
def test_every_layer_with_weights_is_shown_and_fed_from_the_left(kind: str) -> None:
    layers = layers_of(kind)
    steps = [step for layer in layers for step in layer.steps]
    assert len(steps) == len(set(steps))
    operations = plan_of(kind).operations
    weighted = {n for n, o in operations.items() if o.kind in ("conv", "linear", "norm")}
    assert weighted <= set(steps)
    places = [(layer.column, layer.lane) for layer in layers]
    assert len(places) == len(set(places))
    for number, layer in enumerate(layers):
        assert all(source < number for source in layer.sources)
        assert all(layers[source].column < layer.column for source in layer.sources)
        assert bool(layer.sources) == (layer.kind != "input")


def test_a_norm_shares_the_column_of_the_convolution_before_it() -> None:
    first = layers_of("small_vgg")[1]
    assert first.steps == ("features.0", "features.1")
    assert (first.kind, first.has_norm) == ("conv", True)


def test_additions_name_both_their_sources() -> None:
    layers = layers_of("small_resnet")
    adds = [layer for layer in layers if layer.kind == "add"]
    assert len(adds) == 6
    assert all(len(layer.sources) == 2 for layer in adds)
    assert {layers[adds[2].sources[1]].steps[0]} == {"blocks.2.shortcut.0"}


def test_inception_stands_in_four_lanes_that_are_joined_in_order() -> None:
    layers = layers_of("small_inception")
    joined = [layer for layer in layers if layer.kind == "concat"]
    assert len(joined) == 3
    for layer in joined:
        assert [layers[source].lane for source in layer.sources] == [0, 1, 2, 3]
        assert sum(layers[source].channels for source in layer.sources) == layer.channels
    assert {layer.lanes for layer in layers} == {1, 4}


@pytest.mark.parametrize("kind", NETS)
def test_parts_are_the_whole_net_in_order(kind: str) -> None:
    layers = layers_of(kind)
    found = parts(layers)
    assert [at for part in found for at in part.layers] == list(range(len(layers)))
    for part in found:
        inside = set(part.layers)
        outside = {s for at in part.layers for s in layers[at].sources} - inside
        assert set(part.feeding) == outside
    if max(layer.column for layer in layers) < MOST_COLUMNS:
        assert len(found) == 1


def test_a_long_net_comes_in_parts_that_fit_and_are_cut_between_blocks() -> None:
    layers = layers_of("transfer mobilenet_v2")
    found = parts(layers)
    assert len(found) > 4
    for part in found:
        assert layers[part.layers[-1]].column - layers[part.layers[0]].column <= PART_COLUMNS
        assert len(part.feeding) <= 1  # no cut goes through a residual block
