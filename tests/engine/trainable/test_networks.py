"""The small networks: shapes, parameters counted by hand, initialisations, the shape table."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from engine.errors import InputError
from engine.trainable.choice import SMALLEST_PX, build_net
from engine.trainable.layers import weight_layers
from engine.trainable.mlp import MLP, HiddenLayer
from engine.trainable.net_settings import NETS, NetSettings, net_defaults
from engine.trainable.shape_table import shape_table
from engine.trainable.small_resnet import ResidualBlock

SMALL = [name for name in NETS if name != "transfer"]


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 25, 28)])
@pytest.mark.parametrize("name", SMALL)
def test_pictures_become_logits_and_every_parameter_learns(name: str, shape: tuple[int, int, int]):
    torch.manual_seed(0)
    net = build_net(net_defaults(name), shape, 4)
    logits = net(torch.randn(3, *shape))
    assert logits.shape == (3, 4)
    nn.functional.cross_entropy(logits, torch.tensor([0, 1, 2])).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("softmax", 3072 * 4 + 4),
        ("mlp", 3072 * 64 + 64 + 64 * 64 + 64 + 64 * 4 + 4),
        # 5×5 convolutions 3→6 and 6→16, then 16·8·8 → 120 → 84 → 4
        ("lenet", 456 + 2416 + 1024 * 120 + 120 + 120 * 84 + 84 + 84 * 4 + 4),
        # 3×3 convolutions without bias, two numbers of batch norm a channel, 64·4·4 → 4
        (
            "small_vgg",
            9 * (48 + 256 + 512 + 1024 + 2048 + 4096) + 4 * (16 + 32 + 64) + 1024 * 4 + 4,
        ),
    ],
)
def test_parameters_are_as_counted_by_hand(name: str, params: int):
    net = build_net(net_defaults(name), (3, 32, 32), 4)
    assert sum(p.numel() for p in net.parameters()) == params
    assert sum(row.params for row in shape_table(net_defaults(name), (3, 32, 32), 4)) == params


@pytest.mark.parametrize("depth", [1, 2, 50])
def test_an_mlp_has_as_many_linear_layers_as_it_is_deep(depth: int):
    net = MLP((1, 8, 8), 10, depth=depth, width=7, norm="layer", skip=True)
    assert len(weight_layers(net)) == depth
    assert net(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_a_skip_adds_the_input():
    layer = HiddenLayer(4, 4, "relu", "none", skip=True, dropout=0.0)
    plain = HiddenLayer(4, 4, "relu", "none", skip=False, dropout=0.0)
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(3, 4)
    torch.testing.assert_close(layer(x), plain(x) + x)
    assert not HiddenLayer(3, 4, "relu", "none", skip=True, dropout=0.0).skip


def test_a_residual_block_with_silent_convolutions_is_its_shortcut():
    block = ResidualBlock(4, 4, 1, "relu", "none", skip=True)
    for conv in (block.conv1, block.conv2):
        nn.init.zeros_(conv.weight)
        nn.init.zeros_(conv.bias)  # pyright: ignore[reportArgumentType]
    x = torch.randn(2, 4, 5, 5)
    torch.testing.assert_close(block(x), x.relu())


@pytest.mark.parametrize(
    ("init", "std"),
    [("small", 0.01), ("he", (2 / 512) ** 0.5), ("xavier", (2 / (512 + 256)) ** 0.5),
     ("pytorch", (1 / 512 / 3) ** 0.5)],
)  # fmt: skip
def test_weights_are_drawn_as_wide_as_the_papers_say(init: str, std: float):
    torch.manual_seed(0)
    settings = NetSettings("mlp", depth=2, width=256, init=init)
    net = build_net(settings, (2, 16, 16), 4)
    first = net.get_parameter("hidden.0.linear.weight")
    assert first.std().item() == pytest.approx(std, rel=0.02)
    assert bool((net.get_parameter("hidden.0.linear.bias") == 0).all()) is (init != "pytorch")


@pytest.mark.parametrize("name", SMALLEST_PX)
def test_pictures_too_small_are_a_sentence_and_the_smallest_pass(name: str):
    side = SMALLEST_PX[name]
    with pytest.raises(InputError, match=f"{side} × {side}"):
        build_net(net_defaults(name), (1, side, side - 1), 3)
    net = build_net(net_defaults(name), (1, side, side), 3)
    assert net(torch.zeros(2, 1, side, side)).shape == (2, 3)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize("name", ["mlp", "small_vgg", "small_resnet", "small_inception"])
def test_every_norm_and_activation_runs(name: str, norm: str):
    options: dict[str, Any] = {"norm": norm, "width": 4, "dropout": 0.5}
    for activation in ("relu", "leaky_relu", "gelu", "tanh", "sigmoid"):
        settings = replace(net_defaults(name), activation=activation, **options)
        net = build_net(settings, (1, 8, 8), 3)
        assert net(torch.randn(4, 1, 8, 8)).isfinite().all()


@pytest.mark.parametrize("name", SMALL)
def test_the_shape_table_is_a_real_forward_pass(name: str):
    net = build_net(net_defaults(name), (3, 32, 32), 4)
    found: list[tuple[int, ...]] = []
    for module in net.modules():
        if not list(module.children()) and not isinstance(module, nn.Identity):
            module.register_forward_hook(lambda m, i, o: found.append(tuple(o.shape)))
    net.eval()(torch.zeros(1, 3, 32, 32))
    rows = shape_table(net_defaults(name), (3, 32, 32), 4)
    assert [row.output_shape for row in rows] == found
    assert rows[-1].output_shape == (1, 4)
    assert next(net.parameters()).device.type == "cpu"


def test_multiply_adds_are_counted_as_by_hand():
    rows = {r.name: r.macs for r in shape_table(net_defaults("lenet"), (3, 32, 32), 4)}
    assert rows["features.0"] == 6 * 32 * 32 * 3 * 25
    assert rows["features.3"] == 16 * 16 * 16 * 6 * 25
    assert rows["classifier.1"] == 1024 * 120
