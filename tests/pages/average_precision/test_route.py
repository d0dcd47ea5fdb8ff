"""What the page on IoU and average precision is told, against pycocotools and torchvision."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.ops import box_iou, distance_box_iou, generalized_box_iou

from engine.data.shapes import SHAPES
from engine.detection.average_precision import Truths
from engine.detection.detections import Detections
from engine.detection.detectnet.scenes import HELD_OUT
from engine.detection.detectors import raw_detections, thin
from engine.pictures import picture_store, resolve
from engine.progress import Progress
from engine.serving.average_precision import judged as judging
from engine.serving.average_precision.contract import SCENES, Question
from tests.engine.detection.test_average_precision import by_pycocotools

PATH = "average-precision"
FACE = {"picture": "astronaut", "detector": "faces", "truth": "354,121,523,336"}


def test_the_scenes_are_the_held_out_ones() -> None:
    assert SCENES == HELD_OUT
    assert judging.SHAPES == SHAPES


@pytest.mark.parametrize("detector", ["windows", "detectnet"])
def test_ap_is_pycocotools_on_all_scenes(ask: Callable, detector: str) -> None:
    _, about = ask(PATH, detector=detector, label="circle", iou=0.75)
    judged = judged_on_scenes(detector)
    expected = by_pycocotools(list(judged.pictures))
    np.testing.assert_allclose(about["aps"], expected[:, 0], atol=1e-9)
    assert about["ap"] == pytest.approx(expected[5, 0])
    assert about["mean"] == pytest.approx(expected[:, 0].mean())
    assert about["all_classes"] == pytest.approx(expected.mean())
    assert about["map"] == pytest.approx(expected[5].mean())
    assert (about["pictures"], about["objects"]) == (HELD_OUT, count_of(judged, 0))


def judged_on_scenes(detector: str) -> judging.Judged:
    both = judging.judge_both(Question(detector=detector, rival="none"))
    assert not isinstance(both, Progress)
    return both[0]


def count_of(judged: judging.Judged, label: int) -> int:
    return sum(int((truths.labels == label).sum()) for _, truths in judged.pictures)


def test_the_samples_are_the_area_and_the_curve_counts_boxes(ask: Callable) -> None:
    arrays, about = ask(PATH, detector="windows", label="square", iou=0.6)
    assert arrays["samples"].shape == (101,)
    assert arrays["samples"].mean() == pytest.approx(about["ap"])
    scores, hits = arrays["all_scores"], arrays["hits"].astype(int)
    assert (np.diff(scores) <= 0).all()
    made = np.arange(1, len(scores) + 1)
    np.testing.assert_allclose(arrays["precision"], hits.cumsum() / made)
    np.testing.assert_allclose(arrays["recall"], hits.cumsum() / about["objects"])
    best = np.maximum.accumulate(arrays["precision"][::-1])[::-1]
    np.testing.assert_allclose(arrays["envelope"], best)


@pytest.mark.parametrize("scene", [1, 17, 59, 60])
def test_a_scenes_boxes_are_matched_as_torchvision_measures(ask: Callable, scene: int) -> None:
    arrays, _ = ask(PATH, detector="windows", label="square", scene=scene, iou=0.5)
    drawn = judging.scenes()[scene - 1]
    truths = drawn.boxes[drawn.labels == SHAPES.index("square")]
    np.testing.assert_array_equal(arrays["truths"], truths)
    overlap = box_iou(torch.tensor(arrays["boxes"]), torch.tensor(truths)).numpy()
    best = overlap.max(axis=1) if len(truths) else np.zeros(len(overlap))
    np.testing.assert_allclose(arrays["best"], best, atol=1e-6)
    for index, truth in enumerate(arrays["truth_of"]):
        if truth >= 0:
            assert overlap[index, truth] >= 0.5
            assert arrays["found_by"][truth] == index
    assert (arrays["found_by"] >= 0).sum() == (arrays["truth_of"] >= 0).sum()
    shown, _ = ask(f"{PATH}/picture", detector="windows", scene=scene)
    np.testing.assert_array_equal(shown["picture"], drawn.pixels)


def test_a_drawn_truth_judges_the_learners_own_picture(ask: Callable) -> None:
    arrays, about = ask(PATH, **FACE, iou=0.5)
    height, width = resolve("astronaut").pixels.shape[:2]
    expected = np.array([[0.354 * width, 0.121 * height, 0.523 * width, 0.336 * height]])
    np.testing.assert_array_equal(arrays["truths"], expected.round())
    found = Detections.ranked(
        torch.tensor(arrays["boxes"]),
        torch.tensor(arrays["scores"]),
        torch.zeros(len(arrays["scores"])).long(),
        ("face",),
    )
    truth = Truths(torch.tensor(arrays["truths"]), torch.zeros(1).long())
    np.testing.assert_allclose(about["aps"], by_pycocotools([(found, truth)])[:, 0], atol=1e-9)
    assert about["objects"] == about["pictures"] == 1
    assert about["all_classes"] is None
    assert about["photos"] == [{"ref": "astronaut", "boxes": 1}]
    assert about["limits"] == {"scene": {"disabled": True}, "label": {"disabled": True}}


def test_without_a_truth_all_is_wrong_and_there_is_no_ap(ask: Callable) -> None:
    arrays, about = ask(PATH, **FACE | {"truth": ""})
    assert about["ap"] is None
    assert set(about["aps"]) == {None}
    assert (arrays["truth_of"] == -1).all()
    assert len(arrays["truths"]) == 0 < len(arrays["boxes"])


def test_two_detectors_are_judged_on_the_same_scenes(ask: Callable) -> None:
    arrays, about = ask(PATH, detector="windows", rival="detectnet", label="square", iou=0.75)
    alone, single = ask(PATH, detector="detectnet", rival="none", label="square", iou=0.75)
    assert about["rival"]["ap"] == single["ap"] > about["ap"]
    assert about["rival"]["all_classes"] == single["all_classes"]
    np.testing.assert_array_equal(arrays["rival_precision"], alone["precision"])
    assert single["rival"] is None


def test_any_two_detectors_are_judged_on_several_photos(ask: Callable) -> None:
    truth = "astronaut:354,121,523,336|camera:"
    asked = {"picture": "camera", "detector": "nanodet", "rival": "mtcnn", "truth": truth}
    arrays, about = ask(PATH, **asked)
    assert about["photos"] == [{"ref": "camera", "boxes": 0}, {"ref": "astronaut", "boxes": 1}]
    assert (about["pictures"], about["objects"], len(arrays["truths"])) == (2, 1, 0)
    pairs = []
    for name, boxes in (("camera", []), ("astronaut", [[181, 62, 268, 172]])):
        raw = raw_detections("mtcnn", resolve(name).pixels)
        kept = thin(raw, judging.LEAST_SCORE, judging.NMS_IOU)
        truths = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)
        pairs.append((kept, Truths(truths, torch.zeros(len(boxes)).long())))
    expected = by_pycocotools(pairs)[:, 0]
    np.testing.assert_allclose(about["rival"]["aps"], expected, atol=1e-9)
    assert about["rival"]["ap"] > about["ap"]  # NanoDet's person is no face


def test_a_rival_of_other_pictures_is_left_out(ask: Callable) -> None:
    _, about = ask(PATH, detector="windows", rival="mtcnn")
    assert about["rival"] is None
    _, about = ask(PATH, **FACE, rival="detectnet")
    assert about["rival"] is None


def test_the_errors_are_all_that_is_not_right(ask: Callable) -> None:
    arrays, about = ask(f"{PATH}/errors", detector="windows", label="square", iou=0.6)
    curve, told = ask(PATH, detector="windows", label="square", iou=0.6)
    assert len(arrays["boxes"]) == int((curve["hits"] == 0).sum()) > 20
    assert (np.diff(arrays["scores"]) <= 0).all()
    assert "right" not in {about["kinds"][kind] for kind in arrays["kinds"]}
    assert len(arrays["truths"]) == told["objects"]
    for score in (0.3, 0.6, 0.9):
        made = curve["all_scores"] >= score
        found = int(curve["hits"][made].sum())
        assert int((arrays["seen_at"] >= np.float32(score)).sum()) == found
    scenes, _ = ask(f"{PATH}/scenes")
    np.testing.assert_array_equal(scenes["pictures"][7], judging.scenes()[7].pixels)


def test_two_boxes_are_measured_in_pixels(ask: Callable) -> None:
    arrays, about = ask(
        f"{PATH}/iou", picture="chelsea", truth_box="300,300,700,700", found_box="400,380,800,780"
    )
    boxes = torch.tensor(arrays["boxes"]).double()
    assert (boxes == boxes.round()).all()
    pair = boxes[:1], boxes[1:]
    assert about["iou"] == pytest.approx(float(box_iou(*pair)))
    assert about["giou"] == pytest.approx(float(generalized_box_iou(*pair)))
    assert about["diou"] == pytest.approx(float(distance_box_iou(*pair)), abs=1e-6)
    assert about["intersection"] / about["union"] == pytest.approx(about["iou"])
    assert about["size"] == list(resolve("chelsea").pixels.shape[:2])


@pytest.mark.parametrize("size", [(1, 1), (3, 40)])
def test_the_smallest_picture_still_has_two_boxes(ask: Callable, size: tuple[int, int]) -> None:
    ref = picture_store().put(np.zeros((*size, 3), np.uint8))
    _, about = ask(f"{PATH}/iou", picture=ref, truth_box="0,0,10,10", found_box="990,990,1000,1000")
    assert about["union"] >= 1
    assert 0 <= about["iou"] <= 1


WRONG = ["iou=0.4", "iou=1", "iou=nan", "scene=0", "scene=61", "label=cat", "detector=x"]
PHOTOS = "|".join(f"photo{i}:0,0,9,9" for i in range(9))
WRONG_PHOTOS = ["picture=gone", f"truth={PHOTOS}", "truth=gone:0,0,9,9"]
HOSTILE = ["0,0,1001,5", "nan,0,1,1", "5,5,4,4", "1,2", "x", ";".join(["0,0,9,9"] * 1000)]


@pytest.mark.parametrize(
    "wrong",
    [
        *WRONG,
        "picture=gone&detector=faces",
        f"detector=faces&truth={PHOTOS}",
        "detector=faces&truth=gone:0,0,9,9",
    ],
)
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    while (answer := api.get(f"/api/v1/{PATH}?{wrong}")).status_code == 202:
        pass  # a detector is looked up where it looks
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("text", HOSTILE)
def test_drawn_boxes_that_are_none_get_a_sentence(api: TestClient, text: str) -> None:
    for query in (
        FACE | {"truth": text},
        {"picture": "chelsea", "truth_box": text, "found_box": "0,0,9,9"},
        {"picture": "chelsea", "truth_box": "0,0,9,9", "found_box": text},
    ):
        part = "" if "truth" in query else "/iou"
        answer = api.get(f"/api/v1/{PATH}{part}", params=query)
        assert 400 <= answer.status_code < 500, query
        assert answer.json()["detail"].endswith(".")
