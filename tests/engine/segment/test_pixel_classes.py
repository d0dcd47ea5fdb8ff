"""A class for each pixel as a task: its figures and losses, and a training that repeats."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torchmetrics.classification import MulticlassJaccardIndex

from engine.data.panoptic_scenes import CATEGORIES
from engine.errors import InputError
from engine.segment.masked_scenes import HELD_OUT, load_masked_scenes
from engine.segment.pixel_classes import PixelClassification, count_pixels, dice_loss
from engine.train.feeding import load_learning_data
from engine.train.learning_data import LearningData
from engine.train.loop import EpochEnd, Step, Training, train
from engine.train.settings import (
    MASKED_SCENES,
    DataSettings,
    RunSettings,
    SegmenterSettings,
    TrainSettings,
)
from engine.train.snapshot import capture, restore
from engine.trainable.net_settings import net_defaults
from engine.trainable.unet import UNet

CPU = torch.device("cpu")
SETTINGS = RunSettings(
    data=DataSettings(MASKED_SCENES),
    net=replace(net_defaults("unet"), width=2),
    train=TrainSettings(epochs=2, batch_size=6, learning_rate=0.01),
    segmenter=SegmenterSettings(mask_scenes=18),
)


@pytest.fixture(scope="module")
def scenes() -> LearningData:
    """Eighteen scenes to learn from, forty to be judged by."""
    return load_learning_data(SETTINGS)


def draw(seed: int, *shape: int) -> tuple[Tensor, Tensor]:
    """Logits (N, 6, H, W) and truth uint8 (N, H, W)."""
    drawn = torch.Generator().manual_seed(seed)
    count, height, width = shape
    logits = torch.randn(count, 6, height, width, generator=drawn)
    return logits, torch.randint(0, 5, shape, generator=drawn).to(torch.uint8)


def test_pixels_are_counted_as_torchmetrics_counts_them():
    logits, truth = draw(0, 3, 9, 7)
    table = count_pixels(logits.argmax(dim=1), truth, 6)
    assert table.sum() == truth.numel()
    oracle = MulticlassJaccardIndex(6, average="macro")(logits.argmax(dim=1), truth.long())
    task = PixelClassification("cross_entropy", 6)
    assert task.count_right(logits, truth).item() / 3 == pytest.approx(oracle.item(), abs=1e-6)


def test_dice_is_that_of_the_formula_and_ends_at_zero():
    logits, truth = draw(1, 2, 5, 4)
    probs = np.exp(logits.double().numpy())
    probs /= probs.sum(axis=1, keepdims=True)
    shares = []
    for each in range(6):
        p, t = probs[:, each], (truth.numpy() == each).astype(float)
        shares.append(2 * (p * t).sum() / ((p**2).sum() + t.sum()))
    assert dice_loss(logits, truth).item() == pytest.approx(1 - np.mean(shares), abs=1e-5)
    every = torch.arange(6, dtype=torch.uint8).reshape(1, 2, 3)
    sure = 40.0 * torch.nn.functional.one_hot(every.long(), 6).permute(0, 3, 1, 2)
    assert dice_loss(sure, every).item() == pytest.approx(0, abs=1e-5)


def test_the_scenes_are_masked_and_nobody_learns_from_the_held_out_ones(scenes: LearningData):
    assert scenes.classes == CATEGORIES
    assert scenes.train_targets.shape == (18, *scenes.input_shape[1:])
    assert len(scenes.validation_images) == HELD_OUT
    other = load_masked_scenes(18, seed=1)
    assert torch.equal(other.validation_images, scenes.validation_images)
    held = {each.numpy().tobytes() for each in scenes.validation_images}
    learnt = torch.cat([scenes.train_images, other.train_images])
    assert len({each.numpy().tobytes() for each in learnt}) == 36
    assert not held & {each.numpy().tobytes() for each in learnt}


def curve(training: Training) -> list[tuple]:
    return [
        (each.step, each.loss, each.accuracy, each.parts)
        if isinstance(each, Step)
        else (each.epoch, each.loss, each.accuracy, each.validation)
        for each in train(training)
    ]


def test_a_training_repeats_and_goes_on_bit_for_bit(scenes: LearningData):
    dice = replace(SETTINGS.segmenter, mask_loss="cross_entropy_dice")
    settings = replace(SETTINGS, segmenter=dice)
    expected = curve(Training(settings, scenes, CPU))
    first = Training(settings, scenes, CPU)
    steps = train(first)
    begun = [next(steps) for _ in range(4)]  # into the second epoch
    second = Training(settings, scenes, CPU)
    restore(second, capture(first))
    found = curve(second)
    assert expected[-len(found) :] == found
    assert len(expected) == len(begun) + len(found)
    validations = [row[3] for row in expected if not isinstance(row[3], dict)]
    assert validations[-1].loss < validations[0].loss
    table = np.array(validations[-1].confusion)
    assert table.sum() == scenes.validation_targets.numel()
    parts = validations[-1].parts
    assert validations[-1].loss == pytest.approx(parts["cross_entropy"] + parts["dice"])


def test_the_table_is_that_of_the_net(scenes: LearningData):
    training = Training(SETTINGS, scenes, CPU)
    ends = [each for each in train(training) if isinstance(each, EpochEnd)]
    training.net.eval()
    pixels = (scenes.validation_images.float() / 255 - 0.5) / 0.25
    with torch.no_grad():
        said = training.net(pixels).argmax(dim=1)
    truth = scenes.validation_targets.long()
    oracle = MulticlassJaccardIndex(6, average=None)(said, truth)
    there = torch.tensor([bool(((said == k) | (truth == k)).any()) for k in range(6)])
    assert ends[-1].validation.accuracy == pytest.approx(oracle[there].mean().item(), abs=1e-5)
    hits = np.trace(np.array(ends[-1].validation.confusion))
    assert hits == int((said == truth).sum())


def test_the_hardest_fifth_are_the_pixels_of_the_largest_cross_entropy():
    logits, truth = draw(2, 2, 5, 5)
    every = torch.nn.functional.cross_entropy(logits, truth.long(), reduction="none")
    largest = every.flatten().sort(descending=True).values[: truth.numel() // 5]
    found, parts = PixelClassification("hardest", 6).losses(logits, truth)
    assert (found.item(), parts) == (pytest.approx(largest.mean().item(), abs=1e-6), ())


def test_a_picture_of_any_size_comes_back():
    net = UNet((3, 64, 64), 5, width=2).eval()
    assert net(torch.zeros(2, 3, 32, 48)).shape == (2, 5, 32, 48)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"data": DataSettings("digits")}, "scenes with masks"),
        ({"net": net_defaults("lenet")}, "only unet does"),
    ],
)
def test_masks_and_network_go_together(changed: dict, said: str):
    with pytest.raises(InputError, match=said):
        load_learning_data(replace(SETTINGS, **changed))


def test_masks_are_not_augmented(scenes: LearningData):
    settings = replace(SETTINGS, train=replace(SETTINGS.train, augment=("flip",)))
    with pytest.raises(InputError, match="masks would not move"):
        Training(settings, scenes, CPU)
