"""Crops of a picture and of a map, held against slow readings of both and against the whole net."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torchvision.models import mobilenet_v2

from engine.detection.region_crops import (
    BLOCKS_BEFORE,
    align_crops,
    classify_crops,
    make_map,
    warp_crops,
)
from engine.nets.catalog import find_classifier
from engine.nets.residence import residence
from engine.pictures import sample


@pytest.fixture(scope="module")
def drawn() -> torch.nn.Module:
    torch.manual_seed(0)
    return mobilenet_v2(weights=None).eval()


def test_a_crop_of_its_own_size_is_the_part_of_the_picture():
    picture = torch.rand(3, 40, 60)
    crops = warp_crops(picture, torch.tensor([[4, 6, 36, 38], [0, 0, 32, 32]]), 32)
    torch.testing.assert_close(crops[0], picture[:, 6:38, 4:36])
    torch.testing.assert_close(crops[1], picture[:, :32, :32])
    assert warp_crops(picture, torch.zeros(0, 4).long(), 32).shape == (0, 3, 32, 32)


def test_a_box_twice_as_wide_as_high_becomes_a_square():
    ramp = torch.linspace(0, 1, 64).expand(3, 20, 64)
    (crop,) = warp_crops(ramp, torch.tensor([[0, 0, 64, 20]]), 32)
    assert crop.shape == (3, 32, 32)
    halves = ramp.reshape(3, 20, 32, 2).mean(dim=3)[:, :1]
    torch.testing.assert_close(crop[:, :, 4:-4], halves[:, :, 4:-4].expand(3, 32, 24))


@pytest.mark.parametrize("stride", sorted(BLOCKS_BEFORE))
def test_a_map_has_the_stride_that_it_says(drawn, stride: int):
    with torch.no_grad():
        found = make_map(drawn, torch.rand(3, 96, 128), stride)
    assert found.shape[2:] == (96 // stride, 128 // stride)


@pytest.mark.parametrize("stride", [0, *sorted(BLOCKS_BEFORE)])
def test_the_blocks_that_are_left_answer_as_the_whole_net(drawn, stride: int):
    pictures = torch.rand(2, 3, 96, 96)
    with torch.no_grad():
        begun = pictures
        if stride:
            begun = torch.cat([make_map(drawn, each, stride) for each in pictures])
        found = classify_crops(drawn, begun, stride)
        torch.testing.assert_close(found, drawn(pictures).softmax(dim=1), rtol=1e-5, atol=1e-6)


def test_cells_are_read_between_those_of_the_map():
    """RoIAlign, read by hand: the mean of two by two points a cell, each between four cells."""
    feature_map, stride, cells = torch.rand(1, 5, 12, 16), 8, 3
    box = torch.tensor([[13.0, 21.0, 77.0, 70.0]])
    (found,) = align_crops(feature_map, box, stride, cells)
    x1, y1, x2, y2 = (box[0] / stride).tolist()
    steps = (torch.arange(2 * cells) + 0.5) / (2 * cells)
    x, y = x1 + steps * (x2 - x1), y1 + steps * (y2 - y1)  # pixel edges: grid_sample's own
    grid = torch.stack(torch.meshgrid(2 * x / 16 - 1, 2 * y / 12 - 1, indexing="xy"), dim=-1)
    points = F.grid_sample(feature_map, grid[None], align_corners=False, padding_mode="border")
    torch.testing.assert_close(found, F.avg_pool2d(points[0], 2), rtol=1e-5, atol=1e-5)


def test_a_crop_around_the_cat_says_cat():
    net = residence().resident("mobilenet_v2")
    entry = find_classifier("mobilenet_v2")
    preset = entry.weights.transforms()
    mean, std = (torch.tensor(each)[:, None, None] for each in (preset.mean, preset.std))
    pixels = np.array(sample("chelsea").pixels)
    picture = (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - mean) / std
    with torch.inference_mode():
        crop = warp_crops(picture, torch.tensor([[60, 0, 400, 300]]), 224)
        probs = classify_crops(net, crop)  # pyright: ignore[reportArgumentType]
    assert "cat" in entry.categories[int(probs.argmax())].lower()
