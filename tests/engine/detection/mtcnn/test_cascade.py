"""MTCNN on a photograph: one face where it is known to be, and every look accounted for."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torchvision import ops

from engine.detection.boxes import overlap_of_smaller
from engine.detection.mtcnn import nets as nets_module
from engine.detection.mtcnn.cascade import (
    MtcnnSettings,
    MtcnnTrace,
    find_faces,
    pyramid_scales,
)
from engine.detection.mtcnn.nets import MtcnnNets, load_mtcnn
from engine.errors import InputError
from engine.pictures.samples import sample

CPU = torch.device("cpu")
#: The known place of the astronaut's face at the published thresholds.
FACE = (181.05, 62.16, 267.75, 172.05)


@pytest.fixture(scope="module")
def nets() -> MtcnnNets:
    return load_mtcnn(CPU)


@pytest.fixture(scope="module")
def trace(nets: MtcnnNets) -> MtcnnTrace:
    return find_faces(nets, sample("astronaut").pixels, MtcnnSettings())


def test_the_astronaut_has_one_face(trace: MtcnnTrace) -> None:
    assert len(trace.faces) == 1
    assert trace.faces.boxes[0].tolist() == pytest.approx(FACE, abs=0.01)
    assert trace.faces.scores[0] > 0.999
    assert trace.faces.class_names == ("face",)


def test_landmarks_lie_where_a_face_has_them(trace: MtcnnTrace) -> None:
    left_eye, right_eye, nose, left_mouth, right_mouth = trace.output.points[0]
    x1, y1, x2, y2 = trace.faces.boxes[0]
    assert x1 < left_eye[0] < nose[0] < right_eye[0] < x2
    assert x1 < left_mouth[0] < right_mouth[0] < x2
    assert y1 < max(left_eye[1], right_eye[1]) < nose[1]
    assert nose[1] < min(left_mouth[1], right_mouth[1]) < y2


def test_fewer_survive_each_look(trace: MtcnnTrace) -> None:
    looks = (trace.proposals, trace.refined, trace.output)
    for look, next_look in pairwise(looks):
        assert len(look.kept) == len(look.boxes) == len(next_look.candidates)
    counts = [len(look.kept) for look in looks]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 50
    assert len(trace.proposals.candidates) == sum(len(level.nms.kept) for level in trace.levels)
    for look, least in zip(looks, (0.6, 0.7, 0.7), strict=True):
        passed = torch.zeros(len(look.scores), dtype=torch.bool)
        passed[look.passed] = True
        assert (look.scores[passed] >= least).all()
        assert (look.scores[~passed] <= least).all()


def test_nms_of_every_look_as_torchvision(trace: MtcnnTrace) -> None:
    for level in trace.levels:
        assert level.nms.kept.equal(ops.nms(level.boxes, level.scores, 0.5))
    for look in (trace.proposals, trace.refined):
        boxes, scores = look.candidates[look.passed], look.scores[look.passed]
        assert look.nms.kept.equal(ops.nms(boxes, scores, 0.7))
    overlap = overlap_of_smaller(trace.output.boxes, trace.output.boxes).fill_diagonal_(0)
    assert (overlap <= 0.7).all()


def test_a_cell_of_the_map_is_the_net_on_its_window(nets: MtcnnNets, trace: MtcnnTrace) -> None:
    picture = torch.tensor(sample("astronaut").pixels).permute(2, 0, 1).float()
    level = trace.levels[2]
    drawn = (F.adaptive_avg_pool2d(picture, level.size) - 127.5) / 128
    for row, column in ((0, 0), (3, 5), (20, 31), (level.map.shape[0] - 1, 7)):
        window = drawn[:, 2 * row : 2 * row + 12, 2 * column : 2 * column + 12]
        probs, _ = nets.p(window[None])
        assert probs.shape == (1, 1, 1)
        assert probs.item() == pytest.approx(level.map[row, column].item(), abs=1e-5)
    assert len(level.boxes) == int((level.map >= 0.6).sum())


@pytest.mark.parametrize("shift_px", [(0, 60), (40, 0)])
def test_the_box_goes_where_the_face_goes(nets: MtcnnNets, shift_px: tuple[int, int]) -> None:
    dy, dx = shift_px
    moved = np.pad(sample("astronaut").pixels, ((dy, 0), (dx, 0), (0, 0)), mode="edge")
    faces = find_faces(nets, moved, MtcnnSettings()).faces
    assert len(faces) == 1
    expected = torch.tensor(FACE) + torch.tensor([dx, dy, dx, dy])
    assert (faces.boxes[0] - expected).abs().max() < 5


def test_two_faces_in_one_picture(nets: MtcnnNets) -> None:
    pixels = sample("astronaut").pixels[:256, 90:346]
    faces = find_faces(nets, np.hstack([pixels, pixels]), MtcnnSettings()).faces
    assert len(faces) == 2
    apart = faces.boxes[0] - faces.boxes[1]
    assert (apart.abs() - torch.tensor([256.0, 0, 256, 0])).abs().max() < 5


def test_a_face_smaller_than_asked_for_is_not_found(nets: MtcnnNets) -> None:
    pixels = cv2.resize(sample("astronaut").pixels, (256, 256), interpolation=cv2.INTER_AREA)
    assert len(find_faces(nets, pixels, MtcnnSettings(min_face_px=20)).faces) == 1
    assert len(find_faces(nets, pixels, MtcnnSettings(min_face_px=120)).faces) == 0


@pytest.mark.parametrize("size", [(1, 1), (11, 300), (12, 12), (20, 20), (37, 64)])
def test_small_and_blank_pictures_have_no_face(nets: MtcnnNets, size: tuple[int, int]) -> None:
    found = find_faces(nets, np.full((*size, 3), 90, np.uint8), MtcnnSettings())
    assert len(found.faces) == 0
    assert found.output.points.shape == (0, 5, 2)
    assert len(found.levels) == len(pyramid_scales(size, MtcnnSettings()))


def test_whatever_passes_the_boxes_stay_boxes(nets: MtcnnNets) -> None:
    """Without thresholds all of noise passes, also boxes that calibration takes far off."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    found = find_faces(nets, noise, MtcnnSettings(12, 0.7, (0.0, 0.0, 0.0)))
    assert len(found.levels[0].boxes) == found.levels[0].map.numel()
    assert len(found.output.candidates) > 0
    assert (found.faces.boxes[:, 2:] >= found.faces.boxes[:, :2]).all()


def test_levels_shrink_until_the_window_no_longer_fits() -> None:
    scales = pyramid_scales((480, 640), MtcnnSettings(min_face_px=24, factor=0.5))
    assert scales == (0.5, 0.25, 0.125, 0.0625, 0.03125)
    assert pyramid_scales((10, 10), MtcnnSettings(min_face_px=12)) == ()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"min_face_px": 11}, "min_face_px"),
        ({"factor": 1.0}, "factor"),
        ({"factor": float("nan")}, "factor"),
        ({"thresholds": (0.6, 1.2, 0.7)}, "threshold"),
    ],
)
def test_settings_that_cannot_be(settings: dict, named: str) -> None:
    with pytest.raises(InputError, match=f"{named} must lie"):
        MtcnnSettings(**settings)


def test_another_kind_of_picture_is_a_programming_error(nets: MtcnnNets) -> None:
    with pytest.raises(ValueError, match="uint8"):
        find_faces(nets, np.zeros((40, 40)), MtcnnSettings())


def test_missing_weights_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nets_module, "packaged_file", lambda *_: None)
    with pytest.raises(InputError, match=r"requirements-weights\.txt") as caught:
        load_mtcnn.__wrapped__(CPU)
    assert caught.value.status == 424
