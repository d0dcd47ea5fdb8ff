"""Files of results: pycocotools loads the COCO file, YOLO's lines are read by hand."""

import io
import json
import zipfile
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from engine.detection.coco import COCO_CLASSES, COCO_IDS
from engine.detection.detections import Detections
from engine.detection.exports import as_coco, as_json, as_yolo
from engine.detection.torchvision_detectors import weights_of

SIZE = (200, 400)
COCO_NAMES = tuple(weights_of("ssd300_vgg16").meta["categories"])


def found(class_names: tuple[str, ...] = ("cat", "dog"), labels: tuple[int, int] = (1, 0)):
    boxes = torch.tensor([[10.0, 20, 110, 70], [-20, 150.5, 40, 250]])
    return Detections.ranked(boxes, torch.tensor([0.9, 0.25]), torch.tensor(labels), class_names)


def read_yolo(file: bytes) -> tuple[list[list[float]], list[str]]:
    """Corners in pixels and class indices, worked out from the text alone."""
    archive = zipfile.ZipFile(io.BytesIO(file))
    boxes = []
    for line in archive.read("labels/photo.txt").decode().splitlines():
        index, x, y, width, height = line.split(" ")
        left, top = (float(x) - float(width) / 2) * 400, (float(y) - float(height) / 2) * 200
        right, bottom = left + float(width) * 400, top + float(height) * 200
        boxes.append([int(index), left, top, right, bottom])
    return boxes, archive.read("classes.txt").decode().splitlines()


def load_coco(file: bytes, folder: Path) -> COCO:
    path = folder / "result.json"
    path.write_bytes(file)
    with redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_json_says_what_was_asked_and_found() -> None:
    content = json.loads(as_json(found(), SIZE, {"detector": "mtcnn", "score": 0.2}))
    assert content["detector"] == "mtcnn"
    assert (content["height_px"], content["width_px"]) == SIZE
    assert content["detections"] == found().to_dicts()


def test_yolo_s_shares_lead_back_to_the_boxes_inside_the_picture() -> None:
    boxes, names = read_yolo(as_yolo(found(), SIZE, "photo"))
    assert names == ["cat", "dog"]
    expected = [[1, 10, 20, 110, 70], [0, 0, 150.5, 40, 200]]
    assert torch.allclose(torch.tensor(boxes), torch.tensor(expected), atol=1e-3)


def test_yolo_numbers_coco_s_classes_as_its_own_programs_do() -> None:
    labels = COCO_NAMES.index("bicycle"), COCO_NAMES.index("toothbrush")
    boxes, names = read_yolo(as_yolo(found(COCO_NAMES, labels), SIZE, "photo"))
    assert [box[0] for box in boxes] == [1, 79]
    assert len(names) == 80


def test_pycocotools_loads_the_file_and_scores_it_perfect(tmp_path: Path) -> None:
    truth = load_coco(as_coco(found(), SIZE, "photo.png"), tmp_path)
    assert truth.loadImgs([1])[0] == {
        "id": 1, "file_name": "photo.png", "height": 200, "width": 400,
    }  # fmt: skip
    first, second = truth.loadAnns(truth.getAnnIds(imgIds=[1]))
    assert first["bbox"] == [10, 20, 100, 50]
    assert first["area"] == 5000
    assert second["bbox"] == [0, 150.5, 40, 49.5]
    assert truth.loadCats([first["category_id"]])[0]["name"] == "dog"
    with redirect_stdout(io.StringIO()):
        again = truth.loadRes(list(truth.anns.values()))  # pyright: ignore[reportArgumentType]
        evaluation = COCOeval(truth, again, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1)


def test_coco_s_own_ids_are_kept(tmp_path: Path) -> None:
    labels = COCO_NAMES.index("person"), COCO_NAMES.index("toothbrush")
    truth = load_coco(as_coco(found(COCO_NAMES, labels), SIZE, "photo.png"), tmp_path)
    assert [note["category_id"] for note in truth.anns.values()] == [1, 90]
    eighty = COCO_CLASSES.index("stop sign"), COCO_CLASSES.index("toothbrush")
    truth = load_coco(as_coco(found(COCO_CLASSES, eighty), SIZE, "photo.png"), tmp_path)
    assert [note["category_id"] for note in truth.anns.values()] == [13, 90]
    assert {row["id"]: row["name"] for row in truth.loadCats(truth.getCatIds())} == {
        number: COCO_NAMES[number] for number in COCO_IDS
    }
    assert len(truth.cats) == 80
    assert truth.cats[18]["name"] == "dog"


def test_nothing_found_makes_files_too(tmp_path: Path) -> None:
    nothing = Detections.none(("face",))
    assert read_yolo(as_yolo(nothing, SIZE, "photo")) == ([], ["face"])
    truth = load_coco(as_coco(nothing, SIZE, "photo.png"), tmp_path)
    assert not truth.anns
    assert [cat["name"] for cat in truth.cats.values()] == ["face"]
    assert json.loads(as_json(nothing, SIZE, {}))["detections"] == []


def test_the_same_result_makes_the_same_file() -> None:
    assert as_yolo(found(), SIZE, "photo") == as_yolo(found(), SIZE, "photo")
