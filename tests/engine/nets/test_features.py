"""Feature maps, against hooks and torchvision's extractor on copies of the network."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import Tensor, nn
from torchvision.models.feature_extraction import create_feature_extractor

from engine.errors import InputError
from engine.nets.features import (
    FeatureReader,
    channel_selectivity,
    channel_strength,
    colour_range,
    feature_maps,
)
from engine.nets.graph import trace_net


def picture(height: int, width: int, count: int = 2) -> Tensor:
    return torch.randn(count, 3, height, width, generator=torch.Generator().manual_seed(7))


def hooked(model: nn.Module, name: str, x: Tensor) -> Tensor:
    """What a module of a copy of the network gives, caught before anything overwrites it."""
    twin = copy.deepcopy(model)
    caught: list[Tensor] = []
    twin.get_submodule(name).register_forward_hook(lambda m, i, out: caught.append(out.clone()))
    with torch.no_grad():
        twin(x)
    return caught[0]


def test_nothing_asked_nothing_run(random_net):
    reader = FeatureReader(random_net("squeezenet1_1"), trace_net(nn.Identity(), (8, 8)), [])
    found = reader.read(picture(8, 8))
    assert found.maps == {}
    assert found.logits is None


@pytest.mark.parametrize("name", ["mobilenet_v2", "resnet18"])
def test_maps_and_logits_are_those_of_torchvisions_extractor(name, random_net):
    model = random_net(name)
    x = picture(64, 48)
    net = trace_net(model, (64, 48))
    # The extractor knows MobileNetV2's convolution, norm and activation as one operation only.
    names = list(net.maps) if name == "resnet18" else [f"features.{i}" for i in range(19)]
    found = FeatureReader(model, net, names).read(x, with_logits=True)
    twin = copy.deepcopy(model)
    for module in twin.modules():  # the extractor hands out what a later ReLU has overwritten
        if hasattr(module, "inplace"):
            module.inplace = False
    extractor = create_feature_extractor(twin, {name: name for name in names}).eval()
    with torch.no_grad():
        expected = extractor(x)
        logits = twin(x)
    assert list(found.maps) == names
    for node in names:
        torch.testing.assert_close(found.maps[node], expected[node])
    torch.testing.assert_close(found.logits, logits)


@pytest.mark.parametrize(
    ("net_name", "module"),
    [
        ("mobilenet_v2", "features.4.conv.1.1"),
        ("densenet121", "features.denseblock2.denselayer3.norm2"),
        ("googlenet", "inception3a.branch2.1.bn"),
        ("efficientnet_b0", "features.2.0.block.1.0"),
    ],
)
def test_a_map_is_handed_out_before_the_next_operation_overwrites_it(net_name, module, random_net):
    model = random_net(net_name)
    x = picture(64, 64)
    found = feature_maps(model, x, [module])[module]
    torch.testing.assert_close(found, hooked(model, module, x))
    assert (found < 0).any()  # the in-place ReLU behind it would have left none


def test_channels_last_maps_are_turned(random_net):
    model = random_net("swin_t")
    x = picture(64, 96)
    names = ["features.0.0", "features.1.0", "features.2.reduction", "features.3.1"]
    found = feature_maps(model, x, names)
    assert tuple(found["features.0.0"].shape) == (2, 96, 16, 24)
    torch.testing.assert_close(found["features.0.0"], hooked(model, "features.0.0", x))
    for name in names[1:]:
        expected = hooked(model, name, x).permute(0, 3, 1, 2)
        torch.testing.assert_close(found[name], expected)
        assert found[name].is_contiguous()


def test_nothing_runs_behind_the_deepest_map(random_net):
    model = random_net("resnet18")
    net = trace_net(model, (64, 64))

    class Trap(nn.Conv2d):
        def forward(self, input: Tensor) -> Tensor:
            raise RuntimeError("ran")

    model.get_submodule("layer2.0").conv1 = Trap(64, 128, 3).eval()
    reader = FeatureReader(model, net, ["layer1"])
    assert tuple(reader.read(picture(64, 64)).maps["layer1"].shape) == (2, 64, 16, 16)
    with pytest.raises(RuntimeError, match="ran"):
        reader.read(picture(64, 64), with_logits=True)


def test_one_reader_reads_pictures_of_any_size(random_net):
    model = random_net("mobilenet_v2")
    reader = FeatureReader(model, trace_net(model, (64, 64)), ["features.18"])
    assert reader.read(picture(96, 64, 1)).maps["features.18"].shape == (1, 1280, 3, 2)
    assert reader.read(picture(32, 32, 3)).maps["features.18"].shape == (3, 1280, 1, 1)


def test_the_model_and_the_picture_stay_as_they_were(random_net):
    model = random_net("mobilenet_v2")
    before = copy.deepcopy(model.state_dict())
    x = picture(64, 64)
    kept = x.clone()
    found = feature_maps(model, x, ["features.0.1"])["features.0.1"]
    found.zero_()
    assert torch.equal(x, kept)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    assert not found.requires_grad


def test_an_unknown_layer_is_an_input_error(random_net):
    model = random_net("squeezenet1_1")
    with pytest.raises(InputError) as caught:
        feature_maps(model, picture(64, 64), ["classifier.3"])
    assert caught.value.key == "net_layer_unknown"


def test_a_model_in_training_mode_is_refused(random_net):
    model = random_net("squeezenet1_1").train()
    with pytest.raises(ValueError, match="eval mode"):
        feature_maps(model, picture(64, 64), ["features.0"])


@pytest.mark.parametrize(
    ("values", "expected", "order"),
    [
        ([[0.0]], [0.0], [0]),
        ([[1.0, -3.0], [2.0, 2.0], [0.0, 5.0]], [2.0, 2.0, 2.5], [2, 0, 1]),
        ([[0.0, 0.0], [0.0, 0.0], [-1.0, 0.0]], [0.0, 0.0, 0.5], [2, 0, 1]),
    ],
)
def test_channels_are_ranked_by_mean_magnitude(values, expected, order):
    maps = torch.tensor(values)[None, :, None]  # (1, C, 1, W)
    found = channel_strength(maps)
    assert found.values.tolist() == expected
    assert found.order.tolist() == order


@pytest.mark.parametrize(
    ("values", "expected", "order"),
    [
        ([[0.0, 0.0], [5.0, 5.0], [-1.0, 3.0]], [0.0, 0.0, 0.5], [2, 0, 1]),
        ([[4.0, 4.0, 4.0, 4.0], [0.0, 0.0, 0.0, 0.01], [0.0, 0.0, 0.0, -4.0]],
         [0.0, 0.0075, 3.0], [2, 1, 0]),
    ],
)  # fmt: skip
def test_channels_are_ranked_by_selectivity(values, expected, order):
    found = channel_selectivity(torch.tensor(values)[None, :, None])
    assert found.values.tolist() == pytest.approx(expected)
    assert found.order.tolist() == order


MAPS = {
    "signed": torch.tensor([[1.0, -2.0], [0.5, 3.0]])[None, :, None],
    "plain": torch.tensor([[0.0, 4.0], [0.0, 0.0]])[None, :, None],
}


@pytest.mark.parametrize(
    ("scope", "signed", "plain"),
    [
        ("local", [[-2, 2], [0, 3]], [[0, 4], [0, 0]]),
        ("layer", [[-3, 3], [-3, 3]], [[0, 4], [0, 4]]),
        ("global", [[-4, 4], [-4, 4]], [[-4, 4], [-4, 4]]),
    ],
)
def test_colour_ranges(scope, signed, plain):
    found = colour_range(MAPS, scope)
    assert found["signed"].tolist() == signed
    assert found["plain"].tolist() == plain


def test_colour_range_of_nothing_and_of_an_unknown_scope():
    assert colour_range({}, "global") == {}
    with pytest.raises(ValueError, match="scope"):
        colour_range(MAPS, "page")  # type: ignore[arg-type]


def test_values_that_are_not_finite_do_not_stretch_the_range():
    maps = {"a": torch.tensor([1.0, float("inf"), float("nan")])[None, None, None]}
    assert colour_range(maps, "layer")["a"].tolist() == [[0, 1]]


@given(
    hnp.arrays("float32", (2, 3, 2, 2), elements=st.floats(-9, 9, width=32)),
    st.sampled_from(["local", "layer", "global"]),
)
def test_a_range_holds_its_values_and_is_centred_where_there_are_signs(values, scope):
    maps = torch.from_numpy(values)
    ranges = colour_range({"a": maps}, scope)["a"]  # (C, 2)
    low, high = ranges[:, 0, None, None], ranges[:, 1, None, None]
    assert ((low <= maps) & (maps <= high)).all()
    assert all(lo in (0, -hi) for lo, hi in ranges.tolist())
