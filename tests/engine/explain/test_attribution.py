"""The one verb: the same promises for every method, and all of them on the real network."""

import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from engine.errors import InputError
from engine.explain.attribution import METHODS, Settings, attribute, attribute_steps
from engine.explain.grad_cam import upsampled

SMALL = Settings(steps=5, window_px=4, stride_px=3)
PASSES = {"grad_cam": 2, "integrated_gradients": 5 + 2, "occlusion": 4 * 3 + 1}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_the_same_promises(tiny, tiny_x, method, count_hooks):
    x, state = tiny_x.clone(), {k: v.clone() for k, v in tiny.state_dict().items()}
    found = attribute(method, tiny, tiny_x, 1, SMALL)
    assert (found.method, found.map.dtype, found.map.shape) == (method, torch.float32, (12, 10))
    assert not found.map.requires_grad
    assert (found.lo, found.hi) == (found.map.min().item(), found.map.max().item())
    assert found.signed or found.lo >= 0
    assert found.forward_passes == PASSES[method]
    assert found.ms > 0
    assert count_hooks(tiny) == 0
    assert torch.equal(tiny_x, x)
    assert all(torch.equal(value, state[key]) for key, value in tiny.state_dict().items())
    assert all(parameter.requires_grad for parameter in tiny.parameters())
    assert torch.equal(attribute(method, tiny, tiny_x, 1, SMALL).map, found.map)


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_begins_in_place_and_is_frozen(tiny, tiny_x, method):
    x = tiny_x.clone()
    model = nn.Sequential(nn.ReLU(inplace=True), *tiny).eval().requires_grad_(False)
    found = attribute(method, model, tiny_x, 1, SMALL)
    assert found.map.abs().sum() > 0
    assert torch.equal(tiny_x, x)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", [-1, 3])
def test_a_class_that_does_not_exist_is_refused(tiny, tiny_x, method, target, count_hooks):
    with pytest.raises(InputError, match="target must lie between 0 and 2"):
        attribute(method, tiny, tiny_x, target, SMALL)
    assert count_hooks(tiny) == 0


@pytest.mark.parametrize(
    ("method", "settings", "sentence"),
    [
        ("saliency", Settings(), "method must be one of grad_cam"),
        ("integrated_gradients", Settings(steps=0), "steps must lie between 1 and 1000"),
        ("occlusion", Settings(window_px=0), "window_px must lie between 1 and 10"),
        ("occlusion", Settings(window_px=11), "window_px must lie between 1 and 10"),
        ("occlusion", Settings(window_px=4, stride_px=5), "stride_px must lie between 1 and 4"),
        ("grad_cam", Settings(layer="9"), "Layer 9"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tiny, tiny_x, method, settings, sentence):
    with pytest.raises(InputError, match=sentence):
        attribute(method, tiny, tiny_x, 0, settings)


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 3, 8, 8), (1, 1, 8, 8)])
def test_one_picture_at_a_time(tiny, shape):
    with pytest.raises(ValueError, match="must be"):
        attribute("grad_cam", tiny, torch.zeros(shape), 0)


def test_grad_cam_takes_the_layer_that_it_is_given(tiny, tiny_x):
    last = attribute("grad_cam", tiny, tiny_x, 1)
    first = attribute("grad_cam", tiny, tiny_x, 1, Settings(layer="1"))
    assert (last.notes, last.raw.shape) == ({"layer": "3"}, (6, 5))
    assert (first.notes, first.raw.shape) == ({"layer": "1"}, (12, 10))
    assert first.forward_passes == 1  # nothing to look for
    assert torch.equal(last.map, upsampled(last.raw, (12, 10)))


def test_integrated_gradients_states_what_is_missing_from_the_whole(tiny, tiny_x):
    baseline = torch.tensor([0.1, 0.2, 0.3]).view(1, 3, 1, 1)
    found = attribute("integrated_gradients", tiny, tiny_x, 1, Settings(steps=3, baseline=baseline))
    probs = [tiny(x).softmax(1)[0, 1].item() for x in (tiny_x, baseline.expand_as(tiny_x))]
    notes = found.notes
    assert (notes["steps"], notes["baseline"]) == (3, "given")
    assert notes["score"] == pytest.approx(probs[0])
    assert notes["baseline_score"] == pytest.approx(probs[1])
    missing = found.map.sum().item() - (probs[0] - probs[1])
    assert notes["completeness_delta"] == pytest.approx(missing, abs=1e-6)
    torch.testing.assert_close(found.map, found.raw.sum(0))


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
def test_slow_methods_can_be_abandoned(tiny, tiny_x, method):
    calls = []
    tiny.register_forward_hook(lambda *_: calls.append(1))
    steps = attribute_steps(method, tiny, tiny_x, 1, SMALL)
    first = next(steps)
    assert first.result is None
    assert 0 < first.done < first.total
    before = len(calls)
    steps.close()
    assert len(calls) == before
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("method", METHODS)
def test_on_a_photograph(mobilenet, coffee, espresso, method, count_hooks):
    settings = Settings(steps=16, window_px=64, stride_px=40)  # fewer than the defaults, for speed
    found = attribute(method, mobilenet, coffee, espresso, settings)
    assert found.map.shape == (224, 224)
    assert found.map.isfinite().all()
    assert found.lo < found.hi
    assert count_hooks(mobilenet) == 0
    cup = found.map[40:200, 20:200].sum()  # the cup fills this part
    assert cup > 0.5 * found.map.sum()


def test_grad_cam_on_a_photograph_is_captums(mobilenet, coffee, espresso):
    found = attribute("grad_cam", mobilenet, coffee, espresso)
    assert found.notes == {"layer": "features"}
    captum = LayerGradCam(mobilenet, mobilenet.get_submodule("features"))
    expected = captum.attribute(coffee, espresso, relu_attributions=True)
    assert isinstance(expected, torch.Tensor)
    torch.testing.assert_close(found.raw.relu(), expected[0, 0].detach())


def test_the_shares_of_a_photograph_add_up(mobilenet, coffee, espresso):
    found = attribute("integrated_gradients", mobilenet, coffee, espresso, Settings(steps=32))
    assert float(found.notes["score"]) > 0.9
    assert abs(float(found.notes["completeness_delta"])) < 0.05
