"""The task: its losses are weighted, its measure is AP50, its training repeats and resumes."""

from dataclasses import replace

import pytest
import torch

from engine.data.shapes import SHAPES
from engine.detection.detectnet.learning import GridDetection
from engine.detection.detectnet.scenes import load_scenes
from engine.detection.detectnet.targets import encode
from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.train.loop import EpochEnd, Step, Training, train
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.train.snapshot import capture, restore
from engine.trainable.net_settings import net_defaults

CPU = torch.device("cpu")
SETTINGS = RunSettings(
    data=DataSettings(SCENES),
    net=net_defaults("detectnet"),
    train=TrainSettings(epochs=2, batch_size=8),
    detector=DetectorSettings(scenes=24, box_weight=0.5),
)


@pytest.fixture(scope="module")
def scenes() -> LearningData:
    """Twenty-four scenes to learn from, sixty to be judged by."""
    return load_scenes(SETTINGS)


def curve(training: Training) -> list[tuple]:
    return [
        (each.step, each.loss, each.accuracy, each.parts)
        if isinstance(each, Step)
        else (each.epoch, each.loss, each.accuracy, each.validation)
        for each in train(training)
    ]


def test_the_same_seed_gives_the_same_curve_stopped_in_between_or_not(scenes: LearningData):
    expected = curve(Training(SETTINGS, scenes, CPU))
    first = Training(SETTINGS, scenes, CPU)
    steps = train(first)
    begun = [next(steps) for _ in range(4)]
    second = Training(SETTINGS, scenes, CPU)
    restore(second, capture(first))
    found = curve(second)
    assert expected[-len(found) :] == found
    assert len(expected) == len(begun) + len(found)


@pytest.mark.parametrize("kind", ["l2", "focal"])
def test_the_loss_is_the_weighted_sum_of_its_parts_and_falls(scenes: LearningData, kind: str):
    detector = replace(SETTINGS.detector, coverage_loss=kind)
    events = list(train(Training(replace(SETTINGS, detector=detector), scenes, CPU)))
    for each in [e if isinstance(e, Step) else e.validation for e in events]:
        parts = each.parts
        assert each.loss == pytest.approx(parts["coverage"] + 0.5 * parts["box"], rel=1e-5)
    first, last = (e for e in events if isinstance(e, EpochEnd))
    assert last.loss < first.loss
    assert {"features.0", "head"} <= set(last.layers)


def test_perfect_answers_have_ap50_of_nearly_one_and_all_cells_right(scenes: LearningData):
    class Oracle(torch.nn.Module):
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            targets = encode(scenes.validation_targets, 3, (12, 12))
            return torch.cat([(targets.coverage * 2 - 1) * 20, targets.distances], dim=1)

    task = GridDetection(SETTINGS.detector, SHAPES, (96, 96))
    found = task.evaluate(Oracle(), scenes)
    assert found.accuracy > 0.97  # hidden behind each other, two may share all their cells
    assert found.parts["box"] == 0
    outputs = Oracle()(torch.empty(0))
    assert task.count_right(outputs, scenes.validation_targets) == len(outputs)
    assert task.count_right(-outputs, scenes.validation_targets) == 0


def test_a_detector_learns_from_scenes_and_without_augmentation(scenes: LearningData):
    with pytest.raises(InputError, match="scenes96"):
        load_scenes(replace(SETTINGS, data=DataSettings("digits")))
    augmented = replace(SETTINGS, train=replace(SETTINGS.train, augment=("flip",)))
    with pytest.raises(InputError, match="cannot be augmented"):
        Training(augmented, scenes, CPU)
