"""Filter surgery, against hooks on copies of the network and against the plain forward pass."""

import copy
import math

import pytest
import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.nets.features import FeatureReader
from engine.nets.graph import NetGraph, trace_net
from engine.nets.stages import stages
from engine.nets.surgery import operate

SIDE = 64


def picture(count: int = 2) -> Tensor:
    return torch.randn(count, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(3))


def traced(model: nn.Module) -> NetGraph:
    return trace_net(model, (SIDE, SIDE))


def hooked(model: nn.Module, x: Tensor, edits: dict[tuple[str, int], float], last: bool) -> Tensor:
    """Logits of a copy whose modules' outputs are scaled by hooks."""
    twin = copy.deepcopy(model)

    def scale(channel: int, factor: float):
        def hook(module: nn.Module, args: object, out: Tensor) -> Tensor:
            out = out.clone()
            picked = out[..., channel] if last else out[:, channel]
            picked *= factor
            return out

        return hook

    for (name, channel), factor in edits.items():
        twin.get_submodule(name).register_forward_hook(scale(channel, factor))
    with torch.no_grad():
        return twin(x)


CASES = [
    ("mobilenet_v2", {("features.1.conv.2", 3): 0.0}),
    ("mobilenet_v2", {("features.0.0", 0): -2.0, ("features.13.conv.0.2", 5): 3.0}),
    ("mobilenet_v2", {("features.18.2", i): 0.0 for i in range(0, 1280, 3)}),
    ("resnet18", {("layer2.1.bn2", 7): 0.0, ("layer2.1.bn2", 8): 10.0, ("layer4.0.conv1", 1): 0.5}),
    ("densenet121", {("features.pool0", 2): 0.0, ("features.denseblock1.denselayer2.conv2", 0): 5}),
    ("swin_t", {("features.2.reduction", 11): 0.0, ("features.0.2", 4): 4.0}),
    ("googlenet", {("inception4a.branch1.conv", 100): 0.0}),
]


@pytest.mark.parametrize(("name", "edits"), CASES)
def test_surgery_is_what_hooks_on_a_copy_do(name, edits, random_net):
    model = random_net(name)
    x = picture()
    found = operate(model, traced(model), x, edits)
    expected = hooked(model, x, edits, last=name == "swin_t")
    assert found.logits is not None
    torch.testing.assert_close(found.logits, expected)
    with torch.no_grad():
        assert (found.logits - model(x)).abs().max() > 1e-3
    assert found.maps == {}


@pytest.mark.parametrize("name", ["mobilenet_v2", "swin_t"])
def test_no_edit_and_factor_one_change_nothing(name, random_net):
    model = random_net(name)
    net, x = traced(model), picture()
    with torch.no_grad():
        plain = model(x)
    for edits in ({}, {(node, 0): 1.0 for node in net.maps}):
        torch.testing.assert_close(operate(model, net, x, edits).logits, plain)


def test_maps_are_those_after_the_operation(random_net):
    model = random_net("swin_t")
    net, x = traced(model), picture()
    names = ["features.0.0", "features.0.2", "features.3"]
    before = FeatureReader(model, net, names).read(x).maps
    after = operate(model, net, x, {("features.0.2", 4): 0.0, ("features.0.2", 5): -1.0}, names)
    torch.testing.assert_close(after.maps["features.0.0"], before["features.0.0"])
    changed = before["features.0.2"].clone()
    changed[:, 4] = 0.0
    changed[:, 5] *= -1
    torch.testing.assert_close(after.maps["features.0.2"], changed)
    assert not torch.allclose(after.maps["features.3"], before["features.3"])


def test_edits_of_a_block_and_of_its_last_map_add_up(random_net):
    model = random_net("mobilenet_v2")
    net, x = traced(model), picture()
    both = operate(model, net, x, {("features.3", 1): 2.0, ("features.3.add", 1): 3.0})
    torch.testing.assert_close(both.logits, operate(model, net, x, {("features.3", 1): 6.0}).logits)


@pytest.mark.parametrize(
    ("name", "edited"),
    [
        ("mobilenet_v2", "features.9"),
        ("resnet18", "layer3.0"),
        ("densenet121", "features.denseblock3"),
        ("googlenet", "inception4b"),
        ("shufflenet_v2_x0_5", "stage3.1"),
        ("squeezenet1_1", "features.7"),
        ("swin_t", "features.3.0"),
    ],
)
@pytest.mark.parametrize("everything", [False, True])
def test_starting_from_known_maps_gives_the_same(name, edited, everything, random_net):
    model = random_net(name)
    net, x = traced(model), picture()
    strip = list(stages(list(net.maps.values())))
    known = FeatureReader(model, net, list(net.maps) if everything else strip).read(x).maps
    kept = {node: values.clone() for node, values in known.items()}
    edits = {(edited, 2): 0.0, (strip[-1], 1): 3.0}
    names = [strip[0], edited, strip[-1]]
    fresh = operate(model, net, x, edits, names)
    resumed = operate(model, net, x, edits, names, known)
    torch.testing.assert_close(resumed.logits, fresh.logits)
    for node in names:
        torch.testing.assert_close(resumed.maps[node], fresh.maps[node])
    assert all(torch.equal(values, kept[node]) for node, values in known.items())


def test_what_is_before_a_known_map_does_not_run_again(random_net):
    model = random_net("resnet18")
    net, x = traced(model), picture()
    known = FeatureReader(model, net, ["layer3.0"]).read(x).maps
    expected = operate(model, net, x, {("layer3.0", 0): 0.0}).logits

    class Trap(nn.Conv2d):
        def forward(self, input: Tensor) -> Tensor:
            raise RuntimeError("ran")

    model.conv1 = Trap(3, 64, 7).eval()
    torch.testing.assert_close(
        operate(model, net, x, {("layer3.0", 0): 0.0}, known=known).logits, expected
    )
    with pytest.raises(RuntimeError, match="ran"):
        operate(model, net, x, {("layer2.0", 0): 0.0}, known=known)


def test_a_known_map_is_not_overwritten_by_what_runs_in_place_behind_it(random_net):
    model = random_net("mobilenet_v2")
    net, x = traced(model), picture()
    known = FeatureReader(model, net, ["features.4.conv.1.1"]).read(x).maps  # a ReLU6 follows
    kept = known["features.4.conv.1.1"].clone()
    edits = {("features.6", 0): 0.0}
    resumed = operate(model, net, x, edits, known=known)
    torch.testing.assert_close(resumed.logits, operate(model, net, x, edits).logits)
    assert torch.equal(known["features.4.conv.1.1"], kept)


def test_the_model_stays_as_it_was(random_net):
    model = random_net("mobilenet_v2")
    before = copy.deepcopy(model.state_dict())
    operate(model, traced(model), picture(), {("features.5", 1): 0.0})
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


@pytest.mark.parametrize(
    ("edit", "factor", "key"),
    [
        (("features.99", 0), 0.0, "net_layer_unknown"),
        (("features.3", -1), 0.0, "net_channel_unknown"),
        (("features.3", 24), 0.0, "net_channel_unknown"),
        (("features.3", 0), math.inf, "net_factor_not_finite"),
        (("features.3", 0), math.nan, "net_factor_not_finite"),
    ],
)
def test_edits_that_cannot_be_made_are_input_errors(edit, factor, key, weightless):
    model = weightless("mobilenet_v2")
    with pytest.raises(InputError) as caught:
        operate(model, traced(model), picture(), {edit: factor})
    assert caught.value.key == key
    assert edit[0] in caught.value.sentence("ko")


def test_known_maps_that_do_not_fit_are_refused(random_net):
    model = random_net("mobilenet_v2")
    net, x = traced(model), picture()
    known = FeatureReader(model, net, ["features.3"]).read(x[:1]).maps
    with pytest.raises(ValueError, match=r"features\.3"):
        operate(model, net, x, {}, known=known)
