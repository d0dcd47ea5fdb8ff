"""The small GoogLeNet that ships: what it has learnt from, what it can do, and how it is made."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.inception.__main__ import SETTINGS, patches, train_inception
from engine.inception.module import PATCH_PX
from engine.inception.patches import CLASSES, HELD_OUT_FROM, cut_photo_patches
from engine.inception.weights import load_inception, save_inception
from engine.pictures.samples import sample
from engine.train.learning_data import normalise

JUDGED = 320


def test_patches_are_of_each_photograph_alike_and_reproducible() -> None:
    images, targets = cut_photo_patches(24, 3, False)
    assert images.shape == (24, PATCH_PX, PATCH_PX, 3)
    assert images.dtype == torch.uint8
    assert targets.bincount().tolist() == [3] * len(CLASSES)
    again, _ = cut_photo_patches(24, 3, False)
    assert torch.equal(images, again)


@pytest.mark.parametrize("held_out", [False, True])
def test_no_patch_crosses_the_border(monkeypatch: pytest.MonkeyPatch, held_out: bool) -> None:
    photo = sample(CLASSES[0])
    pixels = torch.zeros(photo.pixels.shape, dtype=torch.uint8).numpy()
    pixels[:, int(pixels.shape[1] * HELD_OUT_FROM) :] = 255
    white = type("White", (), {"pixels": pixels})
    monkeypatch.setattr("engine.inception.patches.sample", lambda _: white)
    images, _ = cut_photo_patches(80, 0, held_out)
    assert torch.all(images == (255 if held_out else 0))


def test_what_ships_tells_patches_that_it_never_saw() -> None:
    trained = load_inception()
    images, targets = cut_photo_patches(JUDGED, 7, True)
    x = normalise(images.permute(0, 3, 1, 2), trained.mean, trained.std)
    with torch.no_grad():
        right = (trained.net(x).argmax(1) == targets).float().mean().item()
    assert trained.classes == CLASSES
    assert right == pytest.approx(trained.accuracy, abs=0.08)
    assert trained.accuracy > 0.8


def test_it_is_made_by_training_and_comes_back_from_its_file(tmp_path: Path) -> None:
    settings = replace(SETTINGS, train=replace(SETTINGS.train, epochs=1))
    data = patches(64, 16)
    net, accuracy = train_inception(data, settings)
    path = tmp_path / "inception.safetensors"
    save_inception(path, net, data, accuracy)
    back = load_inception(path)
    x = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(back.net(x), net(x))
    assert back.accuracy == accuracy
    torch.testing.assert_close(back.mean, data.mean)


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "inception.safetensors"
    path.write_bytes(b"not weights")
    with pytest.raises(InputError):
        load_inception(path)
