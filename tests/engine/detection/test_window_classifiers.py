"""The classifiers that slide: weights, what they are shown, and the command that makes one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.data import lfw_subset

from engine.detection import train_window_net
from engine.detection.window_classifiers import (
    PADDED_FILE,
    SHAPES_FILE,
    Name,
    find_window_classifier,
    load_shapes_net,
)
from engine.detection.window_patches import cut_patches
from engine.errors import InputError
from engine.train.learning_data import LearningData, normalise
from engine.train.loop import EpochEnd
from engine.train.settings import RunSettings


@pytest.mark.parametrize(
    ("name", "file"), [("shapes", SHAPES_FILE), ("shapes_padded", PADDED_FILE)]
)
def test_a_shipped_net_is_as_good_as_it_says_on_patches_that_nobody_trained_on(
    name: Name, file: Path
) -> None:
    found = find_window_classifier(name)
    assert found.classes == ("nothing", "circle", "square", "triangle")
    assert found.accuracy is not None
    images, targets = cut_patches(1000, seed=77)
    shown = normalise(images.permute(0, 3, 1, 2), found.mean, found.std)
    with torch.no_grad():
        right = (found.net(shown).argmax(dim=1) == targets).float().mean().item()
    assert right == pytest.approx(found.accuracy, abs=0.02)
    assert right > 0.9
    assert file.stat().st_size < 100_000


@pytest.mark.parametrize("padding", [0, 2])
def test_the_command_trains_saves_and_tells(
    padding: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = train_window_net.SETTINGS
    brief = replace(settings, train=replace(settings.train, epochs=1, batch_size=16))
    small = train_window_net.patches(64, 16)
    train_it = train_window_net.train_window_net

    def quick(
        data: LearningData, _settings: RunSettings, padding: int
    ) -> tuple[torch.nn.Module, EpochEnd]:
        return train_it(data, brief, padding)

    monkeypatch.setattr(train_window_net, "patches", lambda: small)
    monkeypatch.setattr(train_window_net, "train_window_net", quick)
    out, flags = tmp_path / "net.safetensors", ["--padded"] if padding else []
    threads = torch.get_num_threads()
    try:
        assert train_window_net.main(["--out", str(out), *flags]) == 0
    finally:
        torch.set_num_threads(threads)
    found = load_shapes_net(out)
    net, end = train_it(small, brief, padding)  # the same seed, the same net
    assert found.accuracy == end.validation.accuracy
    assert f"{found.accuracy:.2%} of 16 held-out patches" in capsys.readouterr().out
    for name, tensor in net.state_dict().items():
        assert found.net.state_dict()[name].equal(tensor), name


def test_the_face_net_is_right_on_the_patches_that_were_held_out() -> None:
    found = find_window_classifier("faces")
    assert (found.classes, found.input_px) == (("no face", "face"), 25)
    held_out = torch.randperm(200, generator=torch.Generator().manual_seed(0))[:60]
    patches = torch.from_numpy(lfw_subset()).float()[held_out, None]
    with torch.no_grad():
        logits = found.net((patches - found.mean[:, None, None]) / found.std[:, None, None])
    right = (logits.argmax(dim=1) == (held_out < 100).long()).float().mean().item()
    assert right == pytest.approx(found.accuracy, abs=0.02)
    assert right > 0.95


def test_a_grey_net_is_shown_what_pillow_calls_grey() -> None:
    found = find_window_classifier("faces")
    pixels = np.random.default_rng(3).integers(0, 256, (40, 50, 3), np.uint8)
    shown = found.prepare(pixels, found.level((40, 50), 25.0))
    assert shown.shape == (1, 40, 50)
    grey = np.asarray(Image.fromarray(pixels).convert("L"), np.float32) / 255
    expected = (grey - found.mean.item()) / found.std.item()
    np.testing.assert_allclose(shown[0], expected, atol=0.6 / 255 / found.std.item())


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "net.safetensors"
    for content in (None, b"", b"no weights"):
        if content is not None:
            wrong.write_bytes(content)
        with pytest.raises(InputError):
            load_shapes_net(wrong)


@pytest.mark.parametrize(("size", "window_px"), [((300, 451), 90), ((64, 64), 64), ((40, 500), 20)])
def test_a_window_on_the_scaled_picture_is_the_window_asked_for(
    size: tuple[int, int], window_px: int
) -> None:
    found = find_window_classifier("shapes")
    level = found.level(size, window_px)
    grid = found.grid(level)
    x1, y1, x2, y2 = level.to_original(torch.tensor([grid.box(0, 0)]).float())[0].tolist()
    assert (x1, y1) == (0, 0)
    for side in (x2, y2):
        assert side == pytest.approx(window_px, rel=0.05)


def test_the_picture_is_made_ready_as_pillow_would() -> None:
    found = find_window_classifier("shapes")
    pixels = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    level = found.level((96, 128), 48)
    shown = found.prepare(pixels, level) * found.std[:, None, None] + found.mean[:, None, None]
    scaled = Image.fromarray(pixels).resize(
        (level.size[1], level.size[0]), Image.Resampling.BILINEAR
    )
    expected = torch.tensor(np.asarray(scaled)).permute(2, 0, 1) / 255
    torch.testing.assert_close(shown, expected, atol=1.5 / 255, rtol=0)
