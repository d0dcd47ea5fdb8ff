"""The net: its shapes, its size, what it sees; its targets and its losses, each by definition."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scenes
from engine.segment.losses import (
    HARDEST_SHARE,
    LossWeights,
    hardest_cross_entropy,
    panoptic_losses,
    weighted_sum,
)
from engine.segment.panoptic_net import (
    OFFSET_UNIT_PX,
    STRIDE_PX,
    PanopticNet,
    answer,
    normalise,
    split_maps,
)
from engine.segment.targets import SIGMA_PX, make_targets, stack_pictures

SCENES = list(draw_panoptic_scenes(4, 0, PanopticSettings(size=(48, 64))))


@pytest.fixture(scope="module")
def net() -> PanopticNet:
    torch.manual_seed(0)
    return PanopticNet(len(CATEGORIES)).eval()


def test_it_is_small(net: PanopticNet):
    assert sum(each.numel() for each in net.parameters()) < 300_000


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (17, 40), (96, 128)])
def test_pictures_of_any_size(net: PanopticNet, size: tuple[int, int]):
    pictures = torch.zeros((2, 3, *size), dtype=torch.uint8)
    maps = split_maps(answer(net, pictures))
    assert maps.logits.shape == (2, 6, *size)
    assert maps.centres.shape == (2, *size)
    assert maps.offsets.shape == (2, 2, *size)
    one = split_maps(answer(net, pictures)[0])
    torch.testing.assert_close(one.offsets, maps.offsets[0])


def test_a_picture_of_whole_cells_is_not_padded(net: PanopticNet):
    pictures = stack_pictures(SCENES)
    assert not any(side % STRIDE_PX for side in pictures.shape[2:])
    with torch.inference_mode():
        torch.testing.assert_close(answer(net, pictures), net(normalise(pictures)))


def test_offsets_are_the_last_layers_in_units_of_pixels_and_interpolated(net: PanopticNet):
    seen = []
    handle = net.instance.register_forward_hook(lambda *call: seen.append(call[2]))
    maps = split_maps(answer(net, stack_pictures(SCENES)))
    handle.remove()
    grown = F.interpolate(seen[0], (48, 64), mode="bilinear", align_corners=False)
    torch.testing.assert_close(maps.offsets, grown[:, 1:] * OFFSET_UNIT_PX)
    torch.testing.assert_close(maps.centres, grown[:, 0])


def test_every_parameter_learns():
    fresh = PanopticNet(len(CATEGORIES))
    losses = panoptic_losses(fresh(normalise(stack_pictures(SCENES))), make_targets(SCENES))
    weighted_sum(losses, LossWeights()).backward()
    for name, each in fresh.named_parameters():
        assert each.grad is not None, name
        assert each.grad.abs().sum() > 0, name


def test_targets_pixel_by_pixel():
    targets = make_targets(SCENES)
    for at, scene in enumerate(SCENES):
        for y, x in [(0, 0), (5, 60), (24, 32), (40, 20), (47, 63), (30, 10), (20, 50)]:
            place = np.array([x + 0.5, y + 0.5])
            away = ((scene.centres - place) ** 2).sum(axis=1)
            height = max(np.exp(-away / (2 * SIGMA_PX**2)), default=0)
            assert targets.centres[at, y, x].item() == pytest.approx(height, abs=1e-6)
            owner = scene.instance[y, x]
            assert bool(targets.things[at, y, x]) == bool(owner)
            wanted = scene.centres[owner - 1] - place if owner else np.zeros(2)
            np.testing.assert_allclose(targets.offsets[at, :, y, x], wanted, atol=1e-5)
        np.testing.assert_array_equal(targets.semantic[at], scene.semantic)
    assert targets.things.any()


def test_offsets_within_a_thing_cancel_out():
    targets = make_targets(SCENES)
    for at, scene in enumerate(SCENES):
        for mask in torch.from_numpy(scene.masks):
            mean = targets.offsets[at][:, mask].mean(dim=1)
            torch.testing.assert_close(mean, torch.zeros(2), atol=1e-3, rtol=0)


def test_losses_by_their_definition():
    targets = make_targets(SCENES)
    outputs = torch.randn(4, 9, 48, 64, generator=torch.Generator().manual_seed(0))
    found = panoptic_losses(outputs, targets)
    entropy = F.cross_entropy(outputs[:, :6], targets.semantic, reduction="none").flatten()
    hardest = entropy.sort(descending=True).values[: int(HARDEST_SHARE * len(entropy))]
    assert found["semantic"].item() == pytest.approx(hardest.mean().item(), rel=1e-5)
    gap = outputs[:, 6] - targets.centres
    assert found["centre"].item() == pytest.approx((gap**2).mean().item(), rel=1e-5)
    errors = F.l1_loss(outputs[:, 7:], targets.offsets, reduction="none").sum(dim=1)
    expected = errors[targets.things].mean().item()
    assert found["offset"].item() == pytest.approx(expected, rel=1e-5)
    total = weighted_sum(found, LossWeights(1.0, 2.0, 0.5)).item()
    parts = [found[name].item() for name in ("semantic", "centre", "offset")]
    assert total == pytest.approx(parts[0] + 2 * parts[1] + 0.5 * parts[2])


def test_perfect_answers_lose_nothing():
    targets = make_targets(SCENES)
    logits = 50.0 * F.one_hot(targets.semantic, 6).permute(0, 3, 1, 2)
    outputs = torch.cat([logits, targets.centres[:, None], targets.offsets], dim=1)
    assert {name: loss.item() for name, loss in panoptic_losses(outputs, targets).items()} == {
        "semantic": 0,
        "centre": 0,
        "offset": 0,
    }


def test_scenes_without_things_have_no_offset_loss():
    empty = list(draw_panoptic_scenes(2, 0, PanopticSettings(size=(32, 32), things=(0, 0))))
    targets = make_targets(empty)
    assert not targets.centres.any()
    assert panoptic_losses(torch.ones(2, 9, 32, 32), targets)["offset"] == 0


def test_all_pixels_count_at_a_share_of_one_and_one_at_a_share_of_nearly_none():
    logits = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    classes = torch.zeros(2, 4, 4, dtype=torch.int64)
    everything = F.cross_entropy(logits, classes)
    torch.testing.assert_close(hardest_cross_entropy(logits, classes, 1.0), everything)
    worst = F.cross_entropy(logits, classes, reduction="none").max()
    torch.testing.assert_close(hardest_cross_entropy(logits, classes, 1e-6), worst)
