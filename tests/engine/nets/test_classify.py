"""Classifying: torchvision's own code is the oracle, and two photographs know what they show."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import nn
from torchvision import models
from torchvision.transforms import functional as F

from engine.errors import InputError
from engine.nets.catalog import find_classifier, list_classifiers, load
from engine.nets.classify import (
    Label,
    classify,
    preprocess,
    seen_picture,
    seen_region,
    top_k,
)

MOBILENET = models.MobileNet_V2_Weights.IMAGENET1K_V1
PRESETS = [
    MOBILENET,  # bilinear, 256 → 224
    models.MobileNet_V2_Weights.IMAGENET1K_V2,  # 232 → 224
    models.EfficientNet_B1_Weights.IMAGENET1K_V2,  # 255 → 240: an odd margin
    models.EfficientNet_B2_Weights.IMAGENET1K_V1,  # bicubic, 288 → 288: the height is kept whole
    models.EfficientNet_V2_L_Weights.IMAGENET1K_V1,  # another mean and deviation
]
SIDES = st.integers(1, 700)


def photograph(name: str) -> np.ndarray:
    spec = importlib.util.find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    with Image.open(Path(spec.origin).parent / "data" / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def mobilenet() -> nn.Module:
    return load("mobilenet_v2")


def _ask(model: nn.Module, picture: str) -> list[Label]:
    probs = classify(model, preprocess(photograph(picture), MOBILENET))
    return top_k(probs[0], 5, find_classifier("mobilenet_v2").categories)


def test_coffee_is_an_espresso(mobilenet):
    best = _ask(mobilenet, "coffee")[0]
    assert (best.index, best.name) == (967, "espresso")
    assert best.prob > 0.95


def test_chelsea_is_a_cat(mobilenet):
    labels = _ask(mobilenet, "chelsea")
    assert labels[0].name == "Egyptian cat"
    assert {"tabby", "tiger cat"} <= {label.name for label in labels}


@pytest.mark.parametrize("picture", ["coffee", "chelsea", "astronaut"])
def test_the_result_is_that_of_plain_torchvision(mobilenet, picture):
    image = torch.tensor(photograph(picture)).permute(2, 0, 1)
    plain = models.mobilenet_v2().eval()
    plain.load_state_dict(mobilenet.state_dict())
    with torch.no_grad():
        expected = plain(MOBILENET.transforms()(image).unsqueeze(0)).squeeze(0).softmax(0)
    probs = classify(mobilenet, preprocess(photograph(picture), MOBILENET))
    assert torch.equal(probs[0], expected)
    values, indices = expected.topk(5)
    labels = top_k(probs[0], 5, MOBILENET.meta["categories"])
    assert [label.index for label in labels] == indices.tolist()
    assert [label.prob for label in labels] == values.tolist()


def test_a_batch_gives_what_its_pictures_give_alone(mobilenet):
    names = ("coffee", "chelsea", "astronaut")
    batch = torch.cat([preprocess(photograph(name), MOBILENET) for name in names])
    together = classify(mobilenet, batch)
    alone = torch.cat([classify(mobilenet, picture[None]) for picture in batch])
    assert together.shape == (3, 1000)
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)
    torch.testing.assert_close(together.sum(1), torch.ones(3))
    assert not together.requires_grad


def test_a_batch_that_does_not_fit_is_halved(mobilenet):
    class Small(nn.Module):
        """A network on a device with room for two pictures."""

        def __init__(self):
            super().__init__()
            self.net = mobilenet

        def forward(self, x):
            if len(x) > 2:
                torch.empty(2**52)
            return self.net(x)

    batch = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    expected = classify(mobilenet, batch)
    torch.testing.assert_close(classify(Small(), batch), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("weights", PRESETS, ids=str)
@pytest.mark.parametrize("size", [(1, 1), (40, 300), (451, 300), (512, 512), (224, 333)])
def test_preprocessing_is_torchvisions(weights, size):
    pixels = noise(*size)
    batch = preprocess(pixels, weights)
    expected = weights.transforms()(torch.tensor(pixels).permute(2, 0, 1))
    assert batch.dtype == torch.float32
    assert torch.equal(batch[0], expected)


@pytest.mark.parametrize("weights", PRESETS, ids=str)
@pytest.mark.parametrize("size", [(1, 1), (40, 300), (451, 300)])
def test_the_seen_picture_is_what_is_normalised(weights, size):
    pixels = noise(*size)
    seen = seen_picture(pixels, weights)
    assert seen.dtype == np.uint8
    preset = weights.transforms()
    normalised = F.normalize(
        torch.tensor(seen).permute(2, 0, 1).float() / 255, preset.mean, preset.std
    )
    torch.testing.assert_close(normalised, preprocess(pixels, weights)[0], rtol=0, atol=1e-6)


def test_pixels_may_be_read_only():
    pixels = noise(30, 40)
    pixels.setflags(write=False)
    assert preprocess(pixels, MOBILENET).shape == (1, 3, 224, 224)


@given(height=SIDES, width=SIDES, weights=st.sampled_from(PRESETS))
def test_the_seen_region_is_where_torchvision_cuts(height, width, weights):
    preset = weights.transforms()
    if max(height, width) > 8 * min(height, width):  # the oracle below would take long
        width = height
    row = torch.zeros(1, height, width, dtype=torch.uint8)
    scaled = F.resize(row, preset.resize_size, antialias=False).shape[1:]
    numbers = torch.arange(scaled.numel()).reshape(1, *scaled)
    cut = F.center_crop(numbers, preset.crop_size)[0]
    top, left = divmod(int(cut[0, 0]), scaled[1])
    bottom, right = divmod(int(cut[-1, -1]), scaled[1])
    expected = (
        left * width / scaled[1],
        top * height / scaled[0],
        (right + 1) * width / scaled[1],
        (bottom + 1) * height / scaled[0],
    )
    assert seen_region((height, width), weights) == pytest.approx(expected)


@given(height=SIDES, width=SIDES, weights=st.sampled_from(PRESETS))
def test_the_seen_region_lies_in_the_picture_and_in_its_middle(height, width, weights):
    x1, y1, x2, y2 = seen_region((height, width), weights)
    assert 0 <= x1 < x2 <= width + 1e-9
    assert 0 <= y1 < y2 <= height + 1e-9
    pixel = max(width, height) / weights.transforms().resize_size[0]
    assert (x1 + x2) / 2 == pytest.approx(width / 2, abs=pixel)
    assert (y1 + y2) / 2 == pytest.approx(height / 2, abs=pixel)


def test_no_preset_cuts_more_than_it_has():
    for entry in list_classifiers():
        preset = entry.weights.transforms()
        assert preset.crop_size[0] <= preset.resize_size[0]


@pytest.mark.parametrize("size", [(1, 1), (1, 32), (1, 33), (40, 2000), (3300, 100)])
def test_of_a_narrow_picture_the_middle_is_seen_as_if_it_were_whole(size):
    pixels = noise(*size)
    height, width = size
    longest = 64 * min(size)  # twice what is kept, and little enough for torchvision itself
    top, left = max(0, height - longest) // 2, max(0, width - longest) // 2
    less_narrow = pixels[top : top + longest, left : left + longest]
    expected = MOBILENET.transforms()(torch.tensor(less_narrow).permute(2, 0, 1))
    torch.testing.assert_close(preprocess(pixels, MOBILENET)[0], expected, atol=0.03, rtol=0)
    assert seen_picture(pixels, MOBILENET).shape == (224, 224, 3)


def test_a_picture_of_one_by_65535_pixels_takes_no_gigabytes():
    assert preprocess(noise(1, 65_535), MOBILENET).shape == (1, 3, 224, 224)


@pytest.mark.parametrize(
    ("probs", "k", "expected"),
    [
        ([1.0], 1, [0]),
        ([0.2, 0.5, 0.3], 2, [1, 2]),
        ([0.25, 0.25, 0.25, 0.25], 3, [0, 1, 2]),
        ([0.1, 0.4, 0.1, 0.4], 4, [1, 3, 0, 2]),
    ],
)
def test_the_best_come_first_and_ties_by_the_lower_index(probs, k, expected):
    names = ["zero", "one", "two", "three"]
    labels = top_k(torch.tensor(probs), k, names)
    assert [label.index for label in labels] == expected
    assert [label.name for label in labels] == [names[i] for i in expected]
    assert [label.prob for label in labels] == pytest.approx([probs[i] for i in expected])


@pytest.mark.parametrize("k", [-1, 0, 4])
def test_how_many_is_checked(k):
    with pytest.raises(InputError, match=f"between 1 and 3, but was {k}"):
        top_k(torch.tensor([0.2, 0.5, 0.3]), k, ["a", "b", "c"])
