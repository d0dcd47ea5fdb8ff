"""Small torchvision detectors in the training engine: torchvision's own losses, told apart."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import torch
from torch import nn

from engine.detection.detectnet.scenes import load_scenes
from engine.detection.scene_nets.judging import SceneNet, as_detections
from engine.detection.scene_nets.learning import PARTS
from engine.detection.scene_nets.weights import (
    TrainedSceneNet,
    fill_scene_net,
    load_scene_net,
    save_scene_net,
)
from engine.errors import InputError
from engine.serving.runs.differences import read_settings
from engine.train.learning_data import LearningData, normalise
from engine.train.loop import EpochEnd, Step, Training, train
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.train.snapshot import capture, restore
from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults
from engine.trainable.truths import as_torchvision

CPU = torch.device("cpu")
NETS = sorted(PARTS)
#: RetinaNet has no class for it; its own tests hold it against torchvision's.
WITH_BACKGROUND = ["faster_rcnn"]


def settings_of(net: str) -> RunSettings:
    return RunSettings(
        data=DataSettings(SCENES),
        net=replace(net_defaults(net), width=4),
        train=TrainSettings(epochs=2, batch_size=4),
        detector=DetectorSettings(scenes=8),
    )


@pytest.fixture(scope="module")
def scenes() -> LearningData:
    """Eight scenes to learn from, four to be judged by."""
    data = load_scenes(settings_of("faster_rcnn"))
    return replace(
        data,
        validation_images=data.validation_images[:4],
        validation_targets=data.validation_targets[:4],
    )


def detector_of(net: nn.Module) -> nn.Module:
    """torchvision's own module within ours."""
    return cast(nn.Module, net.detector)


def curve(training: Training) -> list[tuple]:
    return [
        (each.step, each.loss, each.accuracy, each.parts)
        if isinstance(each, Step)
        else (each.epoch, each.loss, each.accuracy, each.validation)
        for each in train(training)
    ]


@pytest.mark.parametrize("net", NETS)
def test_the_loss_is_the_sum_of_its_parts_and_falls_and_runs_repeat(scenes: LearningData, net: str):
    settings = settings_of(net)
    first = Training(settings, scenes, CPU)
    steps = train(first)
    begun = [next(steps) for _ in range(3)]
    second = Training(settings, scenes, CPU)
    restore(second, capture(first))
    rest = list(steps)
    events = [*begun, *rest]
    for each in [e if isinstance(e, Step) else e.validation for e in events]:
        assert tuple(each.parts) == PARTS[net]
        assert each.loss == pytest.approx(sum(each.parts.values()), rel=1e-5)
        assert 0 <= each.accuracy <= 1
    before, after = (e for e in events if isinstance(e, EpochEnd))
    assert after.loss < before.loss
    assert [t for t in curve(second)] == [
        (e.step, e.loss, e.accuracy, e.parts)
        if isinstance(e, Step)
        else (e.epoch, e.loss, e.accuracy, e.validation)
        for e in rest
    ]


@pytest.mark.parametrize("net", WITH_BACKGROUND)
def test_losses_are_those_of_torchvision_s_own_pass(scenes: LearningData, net: str):
    torch.manual_seed(0)
    made = build_net(settings_of(net).net, scenes.input_shape, 3)
    images = normalise(scenes.train_images[:3], scenes.mean, scenes.std)
    truths = scenes.train_targets[:3]
    torch.manual_seed(1)
    found = made(images, truths)
    detector = detector_of(made)
    detector.transform._skip_resize = True  # pyright: ignore  # it would draw a number for that
    torch.manual_seed(1)
    expected = detector(list(images), as_torchvision(truths))
    torch.testing.assert_close(
        found[:-1].sum(), torch.stack(list(expected.values())).sum(), rtol=0, atol=1e-5
    )
    assert sorted(found[:-1].tolist()) == pytest.approx(
        sorted(each.item() for each in expected.values()), abs=1e-5
    )


@pytest.mark.parametrize("net", WITH_BACKGROUND)
def test_boxes_are_those_of_torchvision_s_own_pass(scenes: LearningData, net: str):
    torch.manual_seed(0)
    made = build_net(settings_of(net).net, scenes.input_shape, 3).eval()
    images = normalise(scenes.train_images[:2], scenes.mean, scenes.std)
    with torch.no_grad():
        expected = detector_of(made)(list(images))
    for mine, theirs in zip(cast(SceneNet, made).detect(images), expected, strict=True):
        assert len(theirs["boxes"]) > 0
        for key in ("boxes", "labels", "scores"):
            torch.testing.assert_close(mine[key], theirs[key], rtol=1e-5, atol=1e-4)


def test_labels_count_from_1_for_torchvision_and_from_0_for_us():
    truths = torch.tensor([[[2.0, 1, 2, 9, 8], [-1, 0, 0, 0, 0]]])
    (wanted,) = as_torchvision(truths)
    assert wanted["labels"].tolist() == [3]
    assert wanted["boxes"].tolist() == [[1, 2, 9, 8]]
    found = as_detections({**wanted, "scores": torch.tensor([0.5])}, ("a", "b", "c"))
    assert found.labels.tolist() == [2]


def test_a_run_reads_no_settings_of_detectnet():
    read = read_settings(settings_of("faster_rcnn"))
    assert "scenes" in read
    assert "coverage_loss" not in read
    assert "coverage_loss" in read_settings(replace(settings_of("detectnet")))


@pytest.mark.parametrize("net", NETS)
def test_weights_are_stored_in_halves_and_refused_where_they_do_not_fit(tmp_path: Path, net: str):
    made = build_net(net_defaults(net), (3, 96, 96), 3)
    path = tmp_path / "net.safetensors"
    save_scene_net(path, TrainedSceneNet(made, ("a", "b", "c"), {300: 0.5}))
    assert path.stat().st_size < 2.2 * sum(each.numel() for each in made.parameters())
    loaded = load_scene_net(net, CPU, path)
    assert (loaded.class_names, loaded.ap50) == (("a", "b", "c"), {300: 0.5})
    for mine, theirs in zip(loaded.net.parameters(), made.parameters(), strict=True):
        assert mine.dtype == torch.float32
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-6)
    other = build_net(replace(net_defaults(net), width=4), (3, 96, 96), 3)
    with pytest.raises(InputError):
        fill_scene_net(net, other, path)
    path.write_bytes(b"no weights")
    with pytest.raises(InputError):
        fill_scene_net(net, made, path)
