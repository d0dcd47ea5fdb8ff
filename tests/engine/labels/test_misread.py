"""Boxes read by another format's rules: against what the files themselves hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.labels.formats import read_labels, write_labels
from engine.labels.misread import misread, overlap
from engine.labels.model import Box, Labels, Photo
from engine.labels.yolo import yolo_line

SIZE = (120, 200)
EDGE = st.integers(0, 119)
BOXES = st.tuples(EDGE, EDGE, EDGE, EDGE).filter(lambda b: b[0] < b[2] and b[1] < b[3])


def labels_of(corners: tuple[float, float, float, float]) -> Labels:
    return Labels((Photo("photo.jpg", SIZE, (Box(corners, "cat"),)),), ("cat",))


@given(BOXES)
def test_each_mistake_is_the_file_s_numbers_read_otherwise(corners: tuple) -> None:
    labels = labels_of(corners)
    # VOC: its reader told that the first pixel is 0 keeps the size; half-open loses one more
    voc = read_labels(write_labels("voc", labels), labels.photos, "voc", first_pixel=0)
    x1, y1, *_ = voc.photos[0].boxes[0].corners
    wrong = misread(corners, SIZE, "voc_from_0")
    assert wrong is None or wrong[:2] == (x1, y1)
    # COCO: the four numbers of its file
    (one,) = json.loads(write_labels("coco", labels)["annotations.json"])["annotations"]
    left, top, right, bottom = one["bbox"]
    wrong = misread(corners, SIZE, "coco_corners")
    assert (wrong is not None) == (right > left and bottom > top)
    if wrong:
        assert wrong == pytest.approx((left, top, right, bottom))
    # YOLO: the middle of its line is where the wrong box begins
    x, y, w, h = map(float, yolo_line(labels.photos[0].boxes[0], SIZE, ("cat",)).split()[1:])
    wrong = misread(corners, SIZE, "yolo_corner")
    assert wrong is not None
    assert wrong[:2] == pytest.approx((x * SIZE[1], y * SIZE[0]), abs=1e-5)
    wrong = misread(corners, SIZE, "yolo_pixels")
    assert wrong is not None
    assert wrong == pytest.approx((x - w / 2, y - h / 2, x + w / 2, y + h / 2), abs=1e-6)


@given(BOXES)
def test_a_box_overlaps_itself_wholly_and_nothing_not_at_all(corners: tuple) -> None:
    assert overlap(corners, corners) == pytest.approx(1)
    assert overlap(corners, None) == 0


def test_half_a_size_to_the_lower_right_leaves_a_seventh() -> None:
    corners = (0.0, 0.0, 40.0, 40.0)
    assert misread(corners, SIZE, "yolo_corner") == (20, 20, 60, 60)
    assert overlap(corners, misread(corners, SIZE, "yolo_corner")) == pytest.approx(1 / 7)
    assert misread((100.0, 60.0, 110.0, 70.0), SIZE, "coco_corners") is None
