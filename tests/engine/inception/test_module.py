"""The true 5×5 GoogLeNet, its modules opened, and bottlenecks cut narrower."""

from typing import TypeVar

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import googlenet
from torchvision.models.googlenet import BasicConv2d

from engine.inception.bottleneck import compose, fold, narrow, pixel_sum, run, strongest
from engine.inception.module import InceptionModule, SmallGoogLeNet, build_googlenet
from engine.inception.opened import changed, maps_before, modules_of, open_module

CAFFE = 6_998_552  # parameters of BVLC's bvlc_googlenet.caffemodel without auxiliary heads


N = TypeVar("N", bound=nn.Module)


def alive(module: N, seed: int = 0) -> N:
    """In eval mode, with norms that do something."""
    generator = torch.Generator().manual_seed(seed)
    for each in module.modules():
        if isinstance(each, nn.BatchNorm2d):
            assert each.running_mean is not None
            assert each.running_var is not None
            each.running_mean.normal_(0, 0.2, generator=generator)
            each.running_var.uniform_(0.5, 1.5, generator=generator)
    return module.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def small() -> SmallGoogLeNet:
    torch.manual_seed(0)
    return alive(SmallGoogLeNet(8))


def picture(height: int = 40, width: int = 52) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1))


def test_the_true_net_has_as_many_parameters_as_caffes() -> None:
    with torch.device("meta"):
        net = build_googlenet()
        theirs = googlenet(init_weights=False, aux_logits=False)
    norms = sum(m.num_features for m in net.modules() if isinstance(m, nn.BatchNorm2d))
    assert sum(p.numel() for p in net.parameters()) == 7_005_832 == CAFFE + norms
    assert norms == 7_280  # a norm has two numbers a channel where Caffe has a bias
    for each, side in ((net, 5), (theirs, 3)):
        found = [m.get_parameter("branch3.1.conv.weight").shape for m in modules_of(each).values()]
        assert [tuple(shape[2:]) for shape in found] == [(side, side)] * 9
    assert sum(p.numel() for p in theirs.parameters()) == 6_624_904  # torchvision's 6.6 M


def test_opened_branches_join_to_what_the_module_gives(small: SmallGoogLeNet) -> None:
    x = picture()
    seen = dict(maps_before(small, x))
    assert list(seen) == ["a", "b", "c"]
    torch.testing.assert_close(seen["a"], small.stem(x)[0])
    for name, maps in seen.items():
        module = modules_of(small)[name]
        opened = open_module(module, maps)
        torch.testing.assert_close(opened.out, module(maps[None])[0], rtol=1e-4, atol=1e-5)
        assert changed(opened, opened) == 0
    assert not small.training


def test_maps_before_are_those_of_torchvisions_own_pass() -> None:
    torch.manual_seed(0)
    net = googlenet(init_weights=False, aux_logits=False, num_classes=3)
    alive(net)
    caught: dict[str, Tensor] = {}
    modules = modules_of(net)
    names: dict[nn.Module, str] = {module: name for name, module in modules.items()}

    def catch(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        caught[names[module]] = given[0][0]

    hooks = [module.register_forward_pre_hook(catch) for module in modules.values()]
    x = picture(64, 64)
    net(x)
    for hook in hooks:
        hook.remove()
    found = dict(maps_before(net, x))
    assert len(found) == 9
    for name, maps in found.items():
        torch.testing.assert_close(maps, caught[name])


@pytest.mark.parametrize("kept", [1, 2, 5])
def test_narrow_layers_are_those_with_the_other_channels_silenced(kept: int) -> None:
    torch.manual_seed(kept)
    reduce, expand = nn.Conv2d(9, 5, 1), nn.Conv2d(5, 7, 5, padding=2)
    x = torch.rand(9, 11, 13)
    with torch.no_grad():
        between = torch.relu(reduce(x))
        picked = strongest(between, kept)
        silenced = torch.zeros_like(between)
        silenced[picked] = between[picked]
        torch.testing.assert_close(
            run(narrow(reduce, expand, picked), x), torch.relu(expand(silenced))
        )
    means = between.mean((1, 2))
    assert means[picked].min() >= means.sort(descending=True).values[kept - 1]


@pytest.mark.parametrize("size", [3, 5])
def test_without_relu_both_layers_are_one(size: int) -> None:
    torch.manual_seed(0)
    reduce = nn.Conv2d(9, 4, 1, bias=False)
    expand = nn.Conv2d(4, 7, size, padding=size // 2)
    x = torch.rand(1, 9, 11, 13)
    with torch.no_grad():
        torch.testing.assert_close(compose(reduce, expand)(x), expand(reduce(x)))


def test_fewer_channels_cost_less_and_change_the_answer(small: SmallGoogLeNet) -> None:
    module, x = modules_of(small)["c"], dict(maps_before(small, picture()))["c"]
    whole = open_module(module, x)
    widths, moved = [], []
    for share in (1.0, 0.5, 0.01):
        opened = open_module(module, x, share)
        widths.append([opened.branches[n].layers[0].out_channels for n in ("three", "five")])
        moved.append(changed(whole, opened))
        torch.testing.assert_close(opened.branches["one"].out, whole.branches["one"].out)
    assert widths == [[16, 8], [8, 4], [1, 1]]
    assert 0 == moved[0] < moved[1] < moved[2]


def test_a_pixel_is_a_weighted_sum_of_its_channels() -> None:
    torch.manual_seed(0)
    unit = alive(BasicConv2d(6, 4, kernel_size=1))
    x = torch.rand(6, 5, 7)
    out = unit(x[None])[0]
    for channel, row, column in ((0, 0, 0), (3, 4, 6), (2, 1, 3)):
        written = pixel_sum(fold(unit), x, channel, row, column)
        by_hand = sum(a * b for a, b in zip(written.inputs, written.weights, strict=True))
        assert written.total == pytest.approx(float(by_hand) + written.bias, abs=1e-5)
        assert written.value == pytest.approx(out[channel, row, column].item(), abs=1e-5)


def test_a_module_keeps_the_size_and_adds_up_the_channels() -> None:
    module = alive(InceptionModule(192, 64, 96, 128, 16, 32, 32))
    assert module(torch.zeros(1, 192, 9, 5)).shape == (1, 256, 9, 5)
