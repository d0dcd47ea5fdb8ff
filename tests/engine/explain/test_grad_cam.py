"""Grad-CAM against autograd by hand and against Captum; the last map of every family of nets."""

import pytest
import torch
import torch.nn.functional as F
from captum.attr import LayerAttribution, LayerGradCam
from torchvision.models import DenseNet, get_model

from engine.errors import InputError
from engine.explain.grad_cam import grad_cam, grad_cam_layer, upsampled
from engine.explain.target_score import TargetScore

LAST_MAP = {
    "alexnet": "avgpool",
    "vgg11_bn": "avgpool",
    "squeezenet1_1": "classifier.2",
    "resnet18": "layer4",
    "resnext50_32x4d": "layer4",
    "wide_resnet50_2": "layer4",
    "densenet121": "features",
    "googlenet": "inception5b",
    "inception_v3": "Mixed_7c",
    "mobilenet_v2": "features",
    "mobilenet_v3_small": "features",
    "mnasnet0_5": "layers",
    "shufflenet_v2_x0_5": "conv5",
    "efficientnet_b0": "features",
    "efficientnet_v2_s": "features",
    "regnet_y_400mf": "trunk_output",
    "convnext_tiny": "features",
    "swin_t": "permute",
    "swin_v2_t": "permute",
    "maxvit_t": "blocks.3",
}


def on_meta(name):
    """The architecture without numbers: shapes flow through it, and it costs next to nothing."""
    extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    side = 299 if name == "inception_v3" else 224
    if name.startswith("regnet"):  # computes its widths with tensors, which meta tensors cannot
        return get_model(name, weights=None).eval().to("meta"), torch.empty(
            1, 3, side, side, device="meta"
        )
    with torch.device("meta"):
        return get_model(name, weights=None, **extra).eval(), torch.empty(1, 3, side, side)


@pytest.mark.parametrize("name", LAST_MAP)
def test_the_last_map_of_each_family(name, count_hooks):
    model, x = on_meta(name)
    assert grad_cam_layer(model, x) == LAST_MAP[name]
    assert count_hooks(model) == 0


def test_a_network_of_tokens_says_that_it_keeps_no_map(count_hooks):
    model, x = on_meta("vit_b_16")
    with pytest.raises(InputError, match="VisionTransformer") as raised:
        grad_cam_layer(model, x)
    assert raised.value.key == "network_keeps_no_map"
    assert count_hooks(model) == 0


def test_a_network_without_any_map_says_so():
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 2)).eval()
    with pytest.raises(InputError, match="Sequential"):
        grad_cam_layer(model, torch.zeros(1, 3, 2, 2))


def test_hooks_are_released_when_the_network_fails(tiny, count_hooks):
    with pytest.raises(RuntimeError):
        grad_cam_layer(tiny, torch.zeros(1, 5, 8, 8))
    assert count_hooks(tiny) == 0


@pytest.mark.parametrize("target", [0, 1, 2])
def test_equal_to_autograd_by_hand(tiny, tiny_x, target, count_hooks):
    assert grad_cam_layer(tiny, tiny_x) == "3"
    maps = tiny[:4](tiny_x).detach().requires_grad_()  # (1, 6, 6, 5)
    (gradient,) = torch.autograd.grad(tiny[4:](maps)[0, target], maps)
    expected = sum(gradient[0, c].mean() * maps[0, c] for c in range(6))
    found = grad_cam(TargetScore(tiny, target, "logit"), "3", tiny_x)
    torch.testing.assert_close(found, expected)
    assert count_hooks(tiny) == 0


def test_equal_to_captum_before_an_in_place_layer(tiny, tiny_x):
    """Layer 2 is changed in place by layer 3: its own output must be used, not what came of it."""
    found = grad_cam(TargetScore(tiny, 1, "logit"), "2", tiny_x)
    assert (tiny[:3](tiny_x) < 0).any()
    expected = LayerGradCam(tiny, tiny[2]).attribute(tiny_x, 1)
    assert isinstance(expected, torch.Tensor)
    torch.testing.assert_close(found, expected[0, 0])
    by_hand = tiny[:3](tiny_x).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(tiny[4:](by_hand.relu())[0, 1], by_hand)
    torch.testing.assert_close(found, (gradient.mean((2, 3), keepdim=True) * by_hand)[0].sum(0))


@pytest.mark.parametrize("frozen", [False, True])
def test_a_functional_in_place_relu_after_the_layer_does_no_harm(frozen):
    """DenseNet calls ``F.relu(features, inplace=True)`` on the very map that is looked at."""
    torch.manual_seed(0)
    model = DenseNet(growth_rate=4, block_config=(1, 2, 1, 1), num_init_features=8, num_classes=5)
    model.eval().requires_grad_(not frozen)
    x = torch.randn(1, 3, 64, 96)
    maps = model.features(x).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(model.classifier(F.relu(maps).mean((2, 3)))[0, 2], maps)
    expected = (gradient.mean((2, 3), keepdim=True) * maps)[0].sum(0)
    found = grad_cam(TargetScore(model, 2, "logit"), "features", x)
    torch.testing.assert_close(found, expected.detach())


def test_it_works_where_gradients_are_switched_off(tiny, tiny_x):
    expected = grad_cam(TargetScore(tiny, 0, "logit"), "3", tiny_x)
    with torch.no_grad():
        found = grad_cam(TargetScore(tiny.requires_grad_(False), 0, "logit"), "3", tiny_x)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("layer", ["nowhere", "6", "5"])
def test_a_layer_that_gives_no_map_is_refused(tiny, tiny_x, layer, count_hooks):
    with pytest.raises(InputError) as raised:
        grad_cam(TargetScore(tiny, 0, "logit"), layer, tiny_x)
    assert raised.value.key == "layer_keeps_no_map"
    assert count_hooks(tiny) == 0


def test_upsampled_keeps_what_speaks_for_the_class_and_its_scale():
    blame = torch.tensor([[-4.0, 0.0], [2.0, 6.0]])
    found = upsampled(blame, (8, 6))
    expected = LayerAttribution.interpolate(blame.relu()[None, None], (8, 6), "bilinear")
    assert isinstance(expected, torch.Tensor)
    torch.testing.assert_close(found, expected[0, 0])
    assert found.min() == 0
    assert found.max() == 6
