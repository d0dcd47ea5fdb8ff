"""What a learner draws, as GrabCut is told it, held against OpenCV's own ways to begin."""

import cv2
import numpy as np
import pytest
from skimage import data

from engine.errors import InputError
from engine.pictures import resize_longest
from engine.segment.drawn_marks import MOST_STROKES, read_marks
from engine.segment.grab_cut import MAYBE_BACK, MAYBE_FRONT, SURE_BACK, SURE_FRONT
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment

CAT = resize_longest(data.chelsea(), 320)
SIZE = CAT.shape[0], CAT.shape[1]


def test_a_box_is_what_opencv_makes_of_a_rectangle() -> None:
    drawn = read_marks("r:100,50;900,950", SIZE)
    x1, y1, x2, y2 = drawn.box
    marks = np.zeros(SIZE, np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(CAT[:, :, ::-1])
    cv2.setRNGSeed(0)
    cv2.grabCut(bgr, marks, (x1, y1, x2 - x1, y2 - y1), *models, 5, cv2.GC_INIT_WITH_RECT)  # pyright: ignore[reportCallIssue, reportArgumentType]
    ours = segment("drawn", CAT, Settings(drawn="r:100,50;900,950")).found.ids == 1
    theirs = np.isin(marks, (SURE_FRONT, MAYBE_FRONT))
    assert (ours == theirs).mean() > 0.99  # five single iterations, k-means drawn anew in each


def test_corners_may_come_in_any_order_and_the_last_box_counts() -> None:
    one = read_marks("r:900,950;100,50", SIZE)
    other = read_marks("r:0,0;500,500|r:100,50;900,950", SIZE)
    np.testing.assert_array_equal(one.marks, other.marks)
    inside = np.zeros(SIZE, bool)
    x1, y1, x2, y2 = one.box
    inside[y1:y2, x1:x2] = True
    assert (one.marks[inside] == MAYBE_FRONT).all()
    assert (one.marks[~inside] == SURE_BACK).all()


def test_strokes_settle_what_is_under_them_and_the_later_one_counts() -> None:
    drawn = read_marks("r:100,100;900,900|f:300,500;700,500|b:500,300;500,700", (200, 200))
    assert drawn.marks[100, 70] == SURE_FRONT
    assert drawn.marks[60, 100] == SURE_BACK
    assert drawn.marks[100, 100] == SURE_BACK
    assert drawn.marks[40, 40] == MAYBE_FRONT


def test_strokes_alone_leave_the_rest_open() -> None:
    drawn = read_marks("f:500,500", (100, 100))
    assert drawn.marks[50, 50] == SURE_FRONT
    assert drawn.marks[5, 5] == MAYBE_BACK


def test_a_stroke_of_background_takes_pixels_away() -> None:
    whole = segment("drawn", CAT, Settings(drawn="r:50,0;950,1000")).found.ids == 1
    stroke = "b:100,900;900,900"
    less = segment("drawn", CAT, Settings(drawn=f"r:50,0;950,1000|{stroke}")).found.ids == 1
    row = round(0.9 * SIZE[0])
    assert whole[row].any()
    assert not less[row, round(0.1 * SIZE[1]) : round(0.9 * SIZE[1])].any()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing is drawn"),
        ("b:500,500", "Nothing is drawn"),
        ("r:100,100;100,900", "no size"),
        ("r:100,100", "no size"),
        ("f:1,2;3", "Stroke 1"),
        ("f:1,2|x:3,4", "Stroke 2"),
        ("f:1001,2", "Stroke 1"),
        ("|".join(["f:1,2"] * (MOST_STROKES + 1)), "too long"),
        ("f:" + ";".join(["1,2"] * 401), "too long"),
    ],
)
def test_what_is_no_drawing_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_marks(text, SIZE)


def test_a_drawing_that_leaves_no_background_is_refused() -> None:
    with pytest.raises(InputError):
        segment("drawn", CAT, Settings(drawn="r:0,0;1000,1000"))
