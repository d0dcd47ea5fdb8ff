"""The shipped net: as good as it says, on pictures of any size, and what a bad file gets."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.data.painting import SceneSettings
from engine.data.scenes import SCENES96, draw_many, draw_scene
from engine.detection.boxes import box_iou
from engine.detection.detectnet.__main__ import MEASURED_SCENES, main, measure_ap50
from engine.detection.detectnet.finding import LONGEST_PX, find_objects
from engine.detection.detectnet.scenes import HELD_OUT
from engine.detection.detectnet.weights import (
    WEIGHTS_FILE,
    TrainedDetectNet,
    fill_detectnet,
    load_detectnet,
    read_weights,
    save_detectnet,
)
from engine.errors import InputError
from engine.trainable.detect_net import DetectNet

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def shipped() -> TrainedDetectNet:
    return load_detectnet(CPU)


def test_the_shipped_net_reaches_nine_tenths_on_scenes_it_never_saw(shipped: TrainedDetectNet):
    assert shipped.ap50[MEASURED_SCENES] >= 0.9
    assert measure_ap50(shipped, HELD_OUT) == pytest.approx(shipped.ap50[HELD_OUT], abs=0.005)
    assert shipped.ap50[HELD_OUT] >= 0.9
    assert WEIGHTS_FILE.stat().st_size < 1_000_000
    assert not shipped.net.training


def test_the_command_prints_what_it_measures(
    shipped: TrainedDetectNet, capsys: pytest.CaptureFixture[str]
):
    assert main(["--measure", "--scenes", "12"]) == 0
    assert f"AP50 {measure_ap50(shipped, 12):.4f} (nms) on 12 scenes" in capsys.readouterr().out
    assert MEASURED_SCENES > 12


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (7, 9), (64, 65)])
def test_a_picture_of_any_size_gets_an_answer_inside_it(
    shipped: TrainedDetectNet, size: tuple[int, int]
):
    drawn = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = find_objects(shipped, drawn, 0.05)
    height, width = size
    assert (found.boxes[:, 2:] <= torch.tensor([width, height])).all()
    assert found.class_names == ("circle", "square", "triangle")


def test_a_scene_of_other_size_is_read_as_well(shipped: TrainedDetectNet):
    settings = SceneSettings(size=(150, 203), objects=(4, 6), hidden_share=0.1)
    scenes = draw_many(10, 1001, settings)
    hits = total = 0
    for scene in scenes:
        found = find_objects(shipped, scene.pixels)
        overlaps = box_iou(found.boxes, torch.from_numpy(scene.boxes))
        same = found.labels[:, None] == torch.from_numpy(scene.labels)
        hits += int(((overlaps >= 0.5) & same).any(dim=0).sum())
        total += len(scene.labels)
    assert hits >= 0.85 * total


def test_boxes_of_a_large_picture_are_in_its_own_pixels(shipped: TrainedDetectNet):
    scene = draw_scene(1, 3, SCENES96)
    canvas = np.full((2 * LONGEST_PX, 300, 3), 128, np.uint8)
    canvas[200:392, 60:252] = scene.pixels.repeat(2, axis=0).repeat(2, axis=1)  # halved again
    found = find_objects(shipped, canvas, 0.5)
    expected = torch.from_numpy(scene.boxes) * 2 + torch.tensor([60, 200, 60, 200])
    assert (box_iou(found.boxes, expected).amax(dim=0) > 0.5).all()


def test_what_is_no_picture_or_no_threshold_is_refused(shipped: TrainedDetectNet):
    with pytest.raises(ValueError, match="uint8"):
        find_objects(shipped, np.zeros((4, 4, 3), np.float32))
    with pytest.raises(InputError, match="score"):
        find_objects(shipped, np.zeros((4, 4, 3), np.uint8), float("nan"))


def test_a_file_is_read_back_as_written(tmp_path: Path):
    net, path = DetectNet((3, 0, 0), 3), tmp_path / "net.safetensors"
    save_detectnet(path, TrainedDetectNet(net, ("a", "b", "c"), {9: 0.5}))
    again = load_detectnet(CPU, path)
    assert (again.class_names, again.ap50) == (("a", "b", "c"), {9: 0.5})
    assert all(
        torch.equal(a, b) for a, b in zip(net.parameters(), again.net.parameters(), strict=True)
    )


def test_a_damaged_or_foreign_file_gets_a_sentence(tmp_path: Path):
    with pytest.raises(InputError, match=r"gone\.safetensors"):
        read_weights(tmp_path / "gone.safetensors")
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(WEIGHTS_FILE.read_bytes()[:1000])
    foreign = tmp_path / "foreign.safetensors"
    save_file({"w": torch.zeros(1)}, foreign)
    for path in (cut, foreign):
        with pytest.raises(InputError):
            load_detectnet(CPU, path)
    with pytest.raises(InputError, match="network"):
        fill_detectnet(DetectNet((3, 0, 0), 3, width=8))
