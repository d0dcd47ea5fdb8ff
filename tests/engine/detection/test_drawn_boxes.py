"""Boxes from a link: what is read, and what gets a sentence."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.detection.drawn_boxes import MOST_BOXES, WHOLE, read_drawn_boxes, read_one_box
from engine.errors import InputError

SIZE = (300, 451)


def test_boxes_become_whole_pixels() -> None:
    assert read_drawn_boxes("", SIZE).shape == (0, 4)
    found = read_drawn_boxes("0,0,1000,1000;500,250,750,500", SIZE)
    assert found.tolist() == [[0, 0, 451, 300], [226, 75, 338, 150]]
    assert found.dtype == torch.float32


@pytest.mark.parametrize("size", [(1, 1), (2, 7), SIZE])
@pytest.mark.parametrize("text", ["0,0,1,1", "999,999,1000,1000", "499,499,500,500"])
def test_the_thinnest_box_is_a_pixel_of_the_picture(text: str, size: tuple[int, int]) -> None:
    x1, y1, x2, y2 = read_drawn_boxes(text, size)[0].tolist()
    assert 0 <= x1 < x2 <= size[1]
    assert 0 <= y1 < y2 <= size[0]


@given(st.lists(st.lists(st.integers(0, WHOLE), min_size=4, max_size=4), max_size=MOST_BOXES))
def test_whatever_is_drawn_lies_in_the_picture(drawn: list[list[int]]) -> None:
    boxes = [b for b in drawn if b[0] < b[2] and b[1] < b[3]]
    found = read_drawn_boxes(";".join(",".join(map(str, b)) for b in boxes), SIZE)
    assert len(found) == len(boxes)
    assert (found[:, :2] >= 0).all()
    assert (found[:, 2] <= SIZE[1]).all()
    assert (found[:, 3] <= SIZE[0]).all()
    assert (found[:, 2:] > found[:, :2]).all()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2,3", "four whole numbers"),
        ("1,2,3,4,5", "four whole numbers"),
        ("nan,0,1,1", "four whole numbers"),
        ("-1,0,5,5", "four whole numbers"),
        ("0.5,0,5,5", "four whole numbers"),
        ("²,0,5,5", "four whole numbers"),
        (";", "four whole numbers"),
        ("5,5,5,9", "inside out"),
        ("9,5,5,9", "inside out"),
        ("0,0,1001,5", "outside the picture"),
        (";".join(["0,0,9,9"] * 21), "at most 20"),
        (";".join(["0,0,9,9"] * 10_000), "at most 20"),
        ("1" * 500, "at most 20"),
    ],
)
def test_what_is_no_box_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_drawn_boxes(text, SIZE)


@pytest.mark.parametrize("text", ["", "0,0,5,5;0,0,5,5", "x"])
def test_one_box_is_exactly_one(text: str) -> None:
    assert read_one_box("0,0,1000,500", SIZE).tolist() == [0, 0, 451, 150]
    with pytest.raises(InputError, match="four whole numbers"):
        read_one_box(text, SIZE)
