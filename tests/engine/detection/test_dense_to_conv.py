"""One pass over the picture gives each window what its crop gives it, where nothing is padded."""

import copy

import pytest
import torch
from torch import Tensor, nn

from engine.detection.dense_to_conv import (
    Sweep,
    averaged_to_convolutional,
    sweep_crops,
    sweep_picture,
    to_convolutional,
)
from engine.detection.windows import Grid
from engine.errors import InputError
from engine.progress import finish
from engine.trainable.lenet import LeNet
from engine.trainable.mlp import MLP
from engine.trainable.small_resnet import SmallResNet
from engine.trainable.small_vgg import SmallVGG
from engine.trainable.window_net import WindowNet

TOLERANCE = 1e-4


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def window_net(window_px: tuple[int, int] = (24, 24), channels: int = 3) -> nn.Module:
    torch.manual_seed(1)
    return WindowNet((channels, *window_px), 4, width=4).eval()


def valid_net(window_px: tuple[int, int]) -> nn.Module:
    """Odd strides, dilation, batch norm with statistics, three dense layers, average pooling."""
    torch.manual_seed(2)
    features = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=3, bias=False),
        nn.BatchNorm2d(4),
        nn.GELU(),
        nn.Conv2d(4, 5, 2, dilation=2),
        nn.AvgPool2d(2),
    )
    size = features(torch.zeros(2, 1, *window_px)).flatten(1).shape[1]
    head = (nn.Flatten(), nn.Linear(size, 7, bias=False), nn.Tanh(), nn.Dropout(0.5))
    net = nn.Sequential(features, *head, nn.Linear(7, 6), nn.ReLU(), nn.Linear(6, 3))
    net(noise(8, 1, *window_px))  # in training mode: batch norm takes up some statistics
    return net.eval()


def both_ways(net: nn.Module, picture: Tensor, grid: Grid) -> tuple[Sweep, Sweep]:
    shape = (len(picture), *grid.window_px)
    one_pass = sweep_picture(to_convolutional(net, shape), picture, grid)
    return finish(sweep_crops(net, picture, grid, batch=64)), one_pass


@pytest.mark.parametrize("stride_px", [1, 2, 3, 4, 6, 8, 50])
@pytest.mark.parametrize("size", [(24, 24), (25, 31), (47, 64)])
def test_one_pass_equals_crops(size: tuple[int, int], stride_px: int) -> None:
    crops, one_pass = both_ways(window_net(), noise(3, *size), Grid(size, (24, 24), stride_px))
    assert (
        one_pass.logits.shape == crops.logits.shape == (4, *Grid(size, (24, 24), stride_px).shape)
    )
    assert (one_pass.logits - crops.logits).abs().max() < TOLERANCE
    assert crops.logits.std() > 100 * TOLERANCE or crops.logits[0].numel() == 1


@pytest.mark.parametrize("window_px", [(16, 16), (19, 30), (27, 17)])
@pytest.mark.parametrize("stride_px", [1, 4, 6])
def test_windows_that_the_stride_does_not_divide(
    window_px: tuple[int, int], stride_px: int
) -> None:
    """Pooling drops their last cells; the picture has more beyond, which must not come in."""
    for net in (window_net(window_px, channels=1), valid_net(window_px)):
        grid = Grid((45, 52), window_px, stride_px)
        crops, one_pass = both_ways(net, noise(1, 45, 52, seed=3), grid)
        assert (one_pass.logits - crops.logits).abs().max() < TOLERANCE


def test_the_finest_grid_takes_a_pass_for_each_shift() -> None:
    picture = noise(3, 40, 40)
    for stride_px, passes in ((1, 16), (2, 4), (3, 16), (4, 1), (8, 1)):
        crops, one_pass = both_ways(window_net(), picture, Grid((40, 40), (24, 24), stride_px))
        assert one_pass.passes == passes
        assert crops.passes == -(-crops.logits[0].numel() // 64)


def test_one_window_at_a_time_makes_as_many_passes_as_windows() -> None:
    grid = Grid((28, 32), (24, 24), 4)
    steps = list(sweep_crops(window_net(), noise(3, 28, 32), grid))
    assert [step.done for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step.total == 6 for step in steps)
    assert [step.result is not None for step in steps] == [False] * 5 + [True]
    assert steps[-1].result is not None
    assert steps[-1].result.passes == 6


def test_the_weights_are_the_dense_layers_in_another_shape() -> None:
    net = window_net()
    turned = to_convolutional(net, (3, 24, 24))
    dense, conv = net.get_submodule("classifier.1"), turned.net.get_submodule(turned.dense)
    assert isinstance(conv, nn.Conv2d)
    assert isinstance(dense, nn.Linear)
    assert conv.weight.shape == (4, 8, 3, 3)
    assert conv.weight.flatten(1).equal(dense.weight)
    assert conv.bias is not None
    assert conv.bias.equal(dense.bias)
    assert (turned.window_px, turned.stride_px, turned.padded) == ((24, 24), 4, False)


def test_the_net_is_left_as_it_is() -> None:
    net = window_net().train()
    before = copy.deepcopy(net.state_dict())
    turned = to_convolutional(net, (3, 24, 24))
    turned.net[0].weight.data.zero_()  # pyright: ignore
    assert net.training
    assert not turned.net.training
    assert all(net.state_dict()[name].equal(value) for name, value in before.items())


@pytest.mark.parametrize("kind", [LeNet, SmallVGG])
def test_padding_makes_the_two_ways_differ(kind: type[nn.Module]) -> None:
    torch.manual_seed(4)
    net = kind((3, 24, 24), 4).eval()
    grid = Grid((40, 40), (24, 24), 8)
    crops, one_pass = both_ways(net, noise(3, 40, 40), grid)
    assert to_convolutional(net, (3, 24, 24)).padded
    assert one_pass.logits.shape == crops.logits.shape
    assert (one_pass.logits - crops.logits).abs().max() > 10 * TOLERANCE


class Averaging(nn.Module):
    """Valid features whose last map is averaged: four pixels a cell."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(6)
        self.features = nn.Sequential(nn.Conv2d(3, 5, 4, stride=4), nn.ReLU())
        self.dense = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(self.features(x).mean(dim=(2, 3)))


@pytest.mark.parametrize("stride_px", [1, 2, 4, 12])
def test_an_average_before_the_dense_layer_slides_too(stride_px: int) -> None:
    net, picture = Averaging().eval(), noise(3, 29, 40)
    grid = Grid((29, 40), (12, 12), stride_px)
    turned = averaged_to_convolutional(net.features, net.dense, input_px=12, stride_px=4)
    one_pass = sweep_picture(turned, picture, grid)
    crops = finish(sweep_crops(net, picture, grid, batch=64))
    assert (one_pass.logits - crops.logits).abs().max() < TOLERANCE
    assert turned.net[2].weight.shape == (3, 5, 1, 1)
    with pytest.raises(ValueError, match="are not a window of 14 px"):
        averaged_to_convolutional(net.features, net.dense, input_px=14, stride_px=4)


def test_a_picture_of_one_window_agrees_even_with_padding() -> None:
    torch.manual_seed(5)
    net = LeNet((1, 28, 28), 10).eval()
    crops, one_pass = both_ways(net, noise(1, 28, 28), Grid((28, 28), (28, 28), 1))
    assert (one_pass.logits - crops.logits).abs().max() < TOLERANCE


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        (MLP((3, 24, 24), 4), "MLP cannot slide"),
        (SmallResNet((3, 24, 24), 4), "cannot slide"),
        (nn.Sequential(nn.Conv2d(3, 4, 3)), "Sequential has no flattened map"),
        (
            nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 4)),
            "AdaptiveAvgPool2d cannot slide",
        ),
        (
            nn.Sequential(nn.Conv2d(3, 4, 3, stride=(1, 2)), nn.Flatten(), nn.Linear(968, 4)),
            "cannot slide",
        ),
    ],
)
def test_nets_that_cannot_slide_say_so(net: nn.Module, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        to_convolutional(net, (3, 24, 24))


def test_a_net_that_does_more_than_its_parts_is_found_out() -> None:
    class Negated(WindowNet):
        def forward(self, x: Tensor) -> Tensor:
            return -super().forward(x)

    with pytest.raises(ValueError, match="more than its features"):
        to_convolutional(Negated((3, 24, 24), 4), (3, 24, 24))


def test_windows_of_another_size_are_a_programming_error() -> None:
    turned = to_convolutional(window_net(), (3, 24, 24))
    with pytest.raises(ValueError, match="is not"):
        sweep_picture(turned, noise(3, 40, 40), Grid((40, 40), (20, 20), 4))
    with pytest.raises(ValueError, match="is not"):
        sweep_picture(turned, noise(3, 40, 41), Grid((40, 40), (24, 24), 4))
