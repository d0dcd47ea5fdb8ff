"""Which pictures a run learns from, how they are normalised and cut into batches."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import v2

from engine.data.data_set import DataSet
from engine.data.datasets import load_digits
from engine.errors import InputError
from engine.train.augment import augment, make_transform
from engine.train.feeding import choose_parts, load_learning_data
from engine.train.learning_data import epoch_batches, make_learning_data, normalise
from engine.train.settings import AUGMENTATIONS, DataSettings, RunSettings
from engine.trainable.net_settings import net_defaults


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_digits()


def test_parts_hold_every_picture_once(digits: DataSet):
    parts = choose_parts(RunSettings(data=DataSettings("digits")), digits)
    both = torch.cat([parts.train, parts.validation]).sort().values
    assert torch.equal(both, torch.arange(1797))
    assert len(parts.validation) == pytest.approx(0.2 * 1797, abs=10)
    assert torch.equal(parts.train_targets, digits.targets[parts.train])
    assert not parts.is_swapped.any()


@pytest.mark.parametrize("changes", [{"per_class": 10}, {"imbalance": 20.0}, {"label_noise": 0.3}])
def test_what_is_done_to_training_leaves_validation_alone(digits: DataSet, changes: dict):
    whole = choose_parts(RunSettings(data=DataSettings("digits")), digits)
    part = choose_parts(RunSettings(data=DataSettings("digits", **changes)), digits)
    assert torch.equal(whole.validation, part.validation)
    counts = torch.bincount(part.train_targets, minlength=10)
    if "per_class" in changes:
        assert counts.tolist() == [10] * 10
    elif "imbalance" in changes:
        assert counts[0] / counts[9] == pytest.approx(20, rel=0.15)
    else:
        wrong = part.train_targets != digits.targets[part.train]
        assert torch.equal(wrong, part.is_swapped)
        assert wrong.float().mean().item() == pytest.approx(0.3, abs=0.001)


def test_pixels_are_normalised_by_the_training_part(digits: DataSet):
    data = load_learning_data(RunSettings(data=DataSettings("digits")), digits)
    pixels = normalise(data.train_images, data.mean, data.std)
    assert pixels.mean().item() == pytest.approx(0, abs=1e-4)
    assert pixels.std(correction=0).item() == pytest.approx(1, abs=1e-4)
    oracle = v2.Normalize(data.mean.tolist(), data.std.tolist())(data.train_images.float() / 255)
    torch.testing.assert_close(pixels, oracle)
    assert data.input_shape == (1, 8, 8)


def test_a_pretrained_network_is_given_what_it_learnt_from(digits: DataSet):
    settings = RunSettings(data=DataSettings("digits"), net=net_defaults("transfer"))
    data = load_learning_data(settings, digits)
    assert data.mean.tolist() == pytest.approx([np.mean([0.485, 0.456, 0.406])])


@pytest.mark.parametrize(
    ("count", "classes", "said"),
    [
        (0, 2, "0 images to learn from"),
        (1, 2, "1 image to learn from"),
        (5, 1, "has 1 class"),
        (5, 0, "0 class"),
    ],
)
def test_too_little_to_learn_from_is_a_sentence(count: int, classes: int, said: str):
    images = torch.zeros(count, 4, 4, 1, dtype=torch.uint8)
    pair = (images, torch.zeros(count, dtype=torch.int64))
    with pytest.raises(InputError, match=said):
        make_learning_data(pair, pair, tuple("ab"[:classes]))


def test_an_unknown_data_set_is_a_sentence():
    with pytest.raises(InputError, match="shapes32"):
        load_learning_data(RunSettings(data=DataSettings("shapes33")))


@given(count=st.integers(2, 70), size=st.integers(1, 40))
def test_batches_hold_every_image_once_and_never_a_single_one(count: int, size: int):
    order = torch.randperm(count)
    batches = epoch_batches(order, size)
    assert torch.equal(torch.cat(batches), order)
    assert all(len(batch) == size for batch in batches[:-1])
    assert len(batches[-1]) <= size + (size > 1)
    if size > 1:
        assert all(len(batch) > 1 for batch in batches)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmented_pictures_keep_their_form(name: str, channels: int):
    torch.manual_seed(0)
    images = torch.randint(0, 256, (3, channels, 9, 8), dtype=torch.uint8)
    transform = make_transform((name,), 0.5, (9, 8))
    assert transform is not None
    found = augment(images, transform)
    assert (found.shape, found.dtype) == (images.shape, torch.uint8)


def test_each_picture_is_augmented_by_itself():
    images = torch.arange(8, dtype=torch.uint8).expand(200, 1, 8, 8).contiguous()
    transform = make_transform(("flip",), 0.5, (8, 8))
    assert transform is not None
    torch.manual_seed(0)
    found = augment(images, transform)
    flipped = (found == images.flip(3)).all(dim=(1, 2, 3))
    assert 60 < flipped.sum().item() < 140
    assert torch.equal(found[~flipped], images[~flipped])


def test_no_augmentation_is_none():
    assert make_transform((), 0.5, (8, 8)) is None


def test_another_seed_is_another_split(digits: DataSet):
    first = RunSettings(data=DataSettings("digits"))
    one, other = choose_parts(first, digits), choose_parts(replace(first, seed=1), digits)
    assert not torch.equal(one.validation, other.validation)
