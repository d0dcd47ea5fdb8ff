"""The container of answers and its files: Pillow, OpenCV and pycocotools read them."""

import io
import json
import tracemalloc
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from engine.segment.exports import (
    as_coco,
    as_png,
    bounding_box,
    enlarged_segments,
    run_lengths,
    runs_of,
)
from engine.segment.segmented_picture import SegmentedPicture

NAMES = ("cat", "dog", "sky")
MAP = np.array([[0, 1, 1, 3], [0, 1, 2, 3], [2, 2, 2, 3]])
DESCRIBED = [(0, True, 0.9), (1, True, 0.25), (2, False, 0.5)]


def answer() -> SegmentedPicture:
    return SegmentedPicture.of_map("instance", MAP, DESCRIBED, NAMES)


def test_areas_are_counted_and_numbers_may_be_missing() -> None:
    assert answer().to_dicts()[1] == {
        "id": 2, "class": "dog", "area_px": 4, "score": 0.25, "thing": True,
    }  # fmt: skip
    without = SegmentedPicture.of_map("instance", np.where(MAP == 2, 0, MAP), DESCRIBED, NAMES)
    assert [row["id"] for row in without.to_dicts()] == [1, 3]
    assert without.found.void_px == 6
    assert without.covered == 0.5


def test_an_empty_map_has_no_segments() -> None:
    nothing = SegmentedPicture.of_map("semantic", np.zeros((1, 1), int), [], NAMES)
    assert nothing.to_dicts() == []
    assert nothing.resized((3, 2)).size == (3, 2)


@pytest.mark.parametrize(
    ("kind", "described", "message"),
    [
        ("panoptic", DESCRIBED, "2 pixels belong to no segment"),
        ("regions", DESCRIBED, "2 pixels belong to no segment"),
        ("instance", [(0, True, 0.9), (3, True, 0.5), (2, False, 0.5)], "has no name"),
        ("instance", [(0, True, 0.9), (-1, True, 0.5), (2, False, 0.5)], "has no name"),
        ("instance", [(0, True, 1.1), *DESCRIBED[1:]], "not in"),
        ("instance", [(0, True, float("nan")), *DESCRIBED[1:]], "not in"),
    ],
)
def test_what_contradicts_itself_is_refused(kind: Any, described: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SegmentedPicture.of_map(kind, MAP, described, NAMES)


def test_more_segments_than_sixteen_bits_hold_are_refused() -> None:
    ids = np.array([[65536]])
    with pytest.raises(ValueError, match="65536"):
        SegmentedPicture.of_map("instance", ids, [(0, True, 1.0)] * 65536, NAMES)


@pytest.mark.parametrize("size", [(1, 1), (3, 4), (9, 12), (7, 5), (2, 29)])
def test_resizing_takes_the_nearest_pixel_as_opencv_does(size: tuple[int, int]) -> None:
    resized = answer().resized(size)
    expected = cv2.resize(
        MAP.astype(np.uint8), (size[1], size[0]), interpolation=cv2.INTER_NEAREST_EXACT
    )
    assert np.array_equal(resized.found.ids, expected)
    assert sum(each.area_px for each in resized.found.segments) == (expected > 0).sum()


def test_pillow_and_opencv_read_the_same_numbers_from_the_png() -> None:
    ids = np.array([[0, 1, 255], [256, 40_000, 65_535]], np.int32)
    data = as_png(ids)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), ids)
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert read.dtype == np.uint16
    assert np.array_equal(read, ids)
    with pytest.raises(ValueError, match="65535"):
        as_png(ids + 1)


@given(
    arrays(np.int32, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 3))
)
def test_runs_and_boxes_are_those_of_pycocotools(ids: np.ndarray) -> None:
    runs = runs_of(ids)
    assert set(runs) == set(np.unique(ids).tolist()) - {0}
    for number, own in runs.items():
        theirs: Any = coco_mask.encode(np.asfortranarray((ids == number).astype(np.uint8)))
        ours: Any = {"size": list(ids.shape), "counts": run_lengths(*own, ids.size)}
        packed: Any = coco_mask.frPyObjects(ours, *ids.shape)
        assert packed["counts"] == theirs["counts"]
        assert bounding_box(*own, ids.shape[0]) == coco_mask.toBbox(theirs).tolist()


# pycocotools is built for an older numpy
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_pycocotools_loads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(as_coco(answer(), "photo.png"))
    with redirect_stdout(io.StringIO()):
        read = COCO(str(path))
    assert read.loadImgs([1])[0]["file_name"] == "photo.png"
    for note in read.loadAnns(read.getAnnIds(imgIds=[1])):
        assert np.array_equal(read.annToMask(note), note["id"] == MAP)
        assert note["area"] == np.count_nonzero(note["id"] == MAP)
    assert [cat["name"] for cat in read.cats.values()] == list(NAMES)
    assert [note["score"] for note in json.loads(path.read_text())["annotations"]] == [
        0.9, 0.25, 0.5,
    ]  # fmt: skip


SMALL, SIZES = (st.tuples(st.integers(1, most), st.integers(1, most)) for most in (9, 40))


@given(arrays(np.uint16, SMALL, elements=st.integers(0, 3)), SIZES)
def test_files_on_another_size_are_those_of_the_enlarged_map(ids: np.ndarray, size: Any) -> None:
    answer = SegmentedPicture.of_map("instance", ids, DESCRIBED, NAMES)
    enlarged = answer.resized(size)
    read = np.asarray(Image.open(io.BytesIO(as_png(ids, size))))
    assert np.array_equal(read, enlarged.found.ids)
    assert (
        json.loads(as_coco(answer, "a.png", size))["annotations"]
        == (json.loads(as_coco(enlarged, "a.png"))["annotations"])
    )
    areas = {row["id"]: row["area_px"] for row in enlarged_segments(answer, size)}
    kept = {row["id"]: row["area_px"] for row in enlarged.to_dicts()}
    assert {number: area for number, area in areas.items() if area} == kept


def test_a_hundred_million_pixels_are_written_without_being_held() -> None:
    ids = np.zeros((2048, 2048), np.int32)
    ids[500:900, 100:2000] = 1
    answer = SegmentedPicture.of_map("instance", ids, DESCRIBED, NAMES)
    tracemalloc.start()
    png, coco = as_png(ids, (10_000, 10_000)), as_coco(answer, "a.png", (10_000, 10_000))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 100_000_000  # 200 MB for the map alone
    assert (len(png), len(coco)) < (1_000_000, 1_000_000)
