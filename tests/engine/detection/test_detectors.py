"""The table of detectors: torchvision's NMS, OpenCV and the modules themselves are the oracles."""

import cv2
import numpy as np
import pytest
import torch
from torchvision.ops import nms as nms_of_torchvision

from engine.detection import detectors, hog
from engine.detection.boxes import box_iou
from engine.detection.cascade_file import cascade_file, cascade_names
from engine.detection.detections import Detections
from engine.detection.detectors import (
    MOST_BOXES,
    detect,
    find_detector,
    list_detectors,
    raw_detections,
    thin,
    why_missing,
)
from engine.detection.mtcnn.cascade import MtcnnSettings, find_faces
from engine.detection.mtcnn.nets import load_mtcnn
from engine.errors import InputError
from engine.nets import weights
from engine.pictures import sample
from tests.engine.detection.box_sets import random_boxes, random_scores

ASTRONAUT = sample("astronaut").pixels
NO_DOWNLOAD = [entry.name for entry in list_detectors() if entry.family != "torchvision"]
QUICK = [n for n in NO_DOWNLOAD if not n.startswith("haar_")] + ["haar_frontalface_default"]


def random_detections(count: int, seed: int) -> Detections:
    """Three classes of boxes."""
    labels = torch.arange(count) % 3
    boxes, scores = random_boxes(count, seed), random_scores(count, seed)
    return Detections.ranked(boxes, scores, labels, ("a", "b", "c"))


def test_names_are_those_of_the_api() -> None:
    names = [entry.name for entry in list_detectors()]
    assert len(set(names)) == len(names)
    assert {
        "nanodet",
        "mtcnn",
        "sliding_window",
        "hog_people",
        "ssdlite320_mobilenet_v3_large",
    } <= set(names)
    assert {f"haar_{name}" for name in cascade_names()} <= set(names)


@pytest.mark.parametrize("name", NO_DOWNLOAD)
def test_no_download_is_needed_for_the_house_s_own(name: str) -> None:
    assert why_missing(name) is None


@pytest.mark.parametrize("name", QUICK)
def test_bare_boxes_keep_the_promises_of_their_entry(name: str) -> None:
    entry, raw = find_detector(name), raw_detections(name, ASTRONAUT)
    assert 0 < len(raw) <= MOST_BOXES
    assert raw.scores.min() >= entry.least
    assert (raw.boxes >= 0).all()
    assert (raw.boxes <= 512).all()
    assert detect(name, ASTRONAUT, entry.usual, 0.3).to_dicts() == (
        thin(raw, entry.usual, 0.3).to_dicts()
    )


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("size", [(1, 1), (1, 13), (40, 3)])
def test_the_smallest_pictures_have_few_boxes_or_a_sentence(
    name: str, size: tuple[int, int]
) -> None:
    pixels = np.full((*size, 3), 90, np.uint8)
    if name == "sliding_window" and max(size) > 12 * min(size):
        with pytest.raises(InputError, match="12"):
            raw_detections(name, pixels)
        return
    found = detect(name, pixels, 0.9, 0.5)
    assert len(found) == 0


def test_nanodet_answers_for_several_pictures_as_for_one() -> None:
    together = find_detector("nanodet").together
    assert together is not None
    camera = sample("camera").pixels
    for found, pixels in zip(together([ASTRONAUT, camera], 50), (ASTRONAUT, camera), strict=True):
        alone = raw_detections("nanodet", pixels, most=50)
        assert len(found) == 50
        torch.testing.assert_close(found.scores, alone.scores, rtol=0, atol=1e-5)
        first, second = found.boxes[0], alone.boxes[0]
        torch.testing.assert_close(first, second, rtol=0, atol=0.05)
    assert sum(entry.together is not None for entry in list_detectors()) == 1


def test_mtcnn_is_the_cascade_s_own_answer() -> None:
    faces = find_faces(load_mtcnn(torch.device("cpu")), ASTRONAUT, MtcnnSettings()).faces
    found = detect("mtcnn", ASTRONAUT, 0.7, 0.5)
    assert torch.equal(found.boxes, faces.boxes)
    assert torch.equal(found.scores, faces.scores)
    assert np.allclose(found.boxes[0], (181.05, 62.16, 267.75, 172.05), atol=1)
    assert found.scores[0] > 0.999


def test_people_score_half_where_opencv_s_machine_is_undecided() -> None:
    machine = cv2.HOGDescriptor()
    people = np.asarray(cv2.HOGDescriptor_getDefaultPeopleDetector())  # pyright: ignore
    machine.setSVMDetector(people)
    theirs, _ = machine.detectMultiScale(ASTRONAUT, hitThreshold=0, groupThreshold=0)
    ours = raw_detections("hog_people", ASTRONAUT).at_least(0.5)
    xywh = torch.cat([ours.boxes[:, :2], ours.boxes[:, 2:] - ours.boxes[:, :2]], dim=1)
    inside = [
        row
        for row in np.asarray(theirs).tolist()
        if row[0] + row[2] <= 512 and row[1] + row[3] <= 512
    ]
    assert {tuple(row) for row in inside} <= {tuple(row) for row in xywh.int().tolist()}
    assert len(ours) == len(theirs) > 0
    response = hog.scan(ASTRONAUT, hog.people_template()).response.max()
    assert ours.scores[0] == response.sigmoid()


@pytest.mark.parametrize("cascade", ["frontalface_default", "eye", "smile"])
def test_cascades_let_the_windows_through_that_opencv_does(cascade: str) -> None:
    theirs = cv2.CascadeClassifier(str(cascade_file(cascade)))
    grey = cv2.cvtColor(ASTRONAUT, cv2.COLOR_RGB2GRAY)
    windows = sorted(map(tuple, np.asarray(theirs.detectMultiScale(grey, 1.1, 0)).tolist()))
    raw = raw_detections(f"haar_{cascade}", ASTRONAUT)
    corners = [(x1, y1, x2 - x1, y2 - y1) for x1, y1, x2, y2 in raw.boxes.int().tolist()]
    assert sorted(corners) == windows


@pytest.mark.parametrize("neighbours", [1, 3, 10])
def test_a_cascade_s_score_counts_the_windows_that_agree(neighbours: int) -> None:
    theirs = cv2.CascadeClassifier(str(cascade_file("frontalface_default")))
    grey = cv2.cvtColor(ASTRONAUT, cv2.COLOR_RGB2GRAY)
    groups = np.asarray(theirs.detectMultiScale(grey, 1.1, neighbours)).reshape(-1, 4)
    boxes = torch.from_numpy(np.hstack([groups[:, :2], groups[:, :2] + groups[:, 2:]])).float()
    asked = (neighbours + 1) / (neighbours + 2)  # OpenCV wants more than so many
    found = detect("haar_frontalface_default", ASTRONAUT, asked, 0.3)
    overlap = box_iou(boxes, found.boxes)
    assert len(found) == len(boxes) > 0
    assert (overlap.max(dim=1).values > 0.5).all()


def test_what_the_detect_page_says_of_its_pictures() -> None:
    flower, astronaut, camera = (sample(n).pixels for n in ("flower", "astronaut", "camera"))
    false, true = (detect("haar_frontalface_default", p, 0.8, 0.5) for p in (flower, astronaut))
    assert len(false) == 5
    assert 0.9 < false.scores[0] < true.scores[0]
    assert len(true) == 2  # one inside the other
    assert box_iou(true.boxes[:1], true.boxes[1:])[0, 0] < 0.5
    assert len(detect("haar_frontalface_default", astronaut, 0.8, 0.3)) == 1
    side = detect("haar_profileface", camera, 0.8, 0.5)
    assert side.scores[0] < false.scores[0]
    faces = [detect("mtcnn", p, 0.8, 0.5) for p in (flower, astronaut, camera)]
    assert [len(found) for found in faces] == [0, 1, 1]
    assert box_iou(side.boxes[:1], faces[2].boxes)[0, 0] > 0.2


@pytest.mark.parametrize("seed", range(4))
def test_thinning_is_torchvision_s_nms_class_by_class(seed: int) -> None:
    raw = random_detections(300, seed)
    found = thin(raw, 0.2, 0.45)
    for label in raw.labels.unique().tolist():
        of_class = raw.at_least(0.2)
        of_class = of_class.take(of_class.labels == label)
        kept = nms_of_torchvision(of_class.boxes, of_class.scores, 0.45)
        assert torch.equal(found.boxes[found.labels == label], of_class.boxes[kept])


def test_ten_thousand_boxes_are_thinned_out_too() -> None:
    every = raw_detections("hog_people", ASTRONAUT, most=10_000)
    assert len(every) == 10_000
    found = thin(every, 0, 0.1)
    assert torch.equal(found.boxes, every.boxes[nms_of_torchvision(every.boxes, every.scores, 0.1)])
    best = raw_detections("hog_people", ASTRONAUT)
    assert torch.equal(best.boxes, every.boxes[:MOST_BOXES])


@pytest.mark.parametrize("score", [0, 0.3, 0.77, 1])
def test_a_higher_score_leaves_the_beginning_of_the_same_list(score: float) -> None:
    raw = random_detections(400, 5)
    assert thin(raw, score, 0.3).to_dicts() == thin(raw, 0, 0.3).at_least(score).to_dicts()


def test_nothing_found_stays_nothing() -> None:
    assert len(thin(Detections.none(("face",)), 0, 0)) == 0


@pytest.mark.parametrize(("score", "iou"), [(-0.1, 0.5), (1.1, 0.5), (0.5, 2), (float("nan"), 0.5)])
def test_thresholds_out_of_range_are_refused(score: float, iou: float) -> None:
    with pytest.raises(InputError, match="0"):
        thin(random_detections(3, 0), score, iou)


def test_an_unknown_name_is_told_the_nearest_and_those_at_hand() -> None:
    with pytest.raises(InputError) as told:
        find_detector("mtcn")
    assert told.value.status == 404
    assert told.value.sentence("en").startswith(
        "There is no detector called mtcn. There are: mtcnn"
    )
    assert "sliding_window" in told.value.sentence("ko")


def test_an_absent_detector_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_weights", lambda _: None)
    error = why_missing("ssd300_vgg16")
    assert error is not None
    assert error.status == 424
    with pytest.raises(InputError, match="ssd300_vgg16_coco"):
        raw_detections("ssd300_vgg16", ASTRONAUT)


def test_a_damaged_cascade_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = tmp_path_factory.mktemp("cascades") / "eye.xml"
    broken.write_bytes(b"GIF89a")
    monkeypatch.setattr("engine.detection.cascade_file.cascade_file", lambda _: broken)
    detectors.raw_answers.load_cascade.cache_clear()
    with pytest.raises(InputError, match="not a cascade file"):
        raw_detections("haar_eye", ASTRONAUT)
    detectors.raw_answers.load_cascade.cache_clear()
