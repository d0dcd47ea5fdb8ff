"""Chains: the text that links hold, what they cost, and the script that comes of them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.errors import InputError
from engine.pictures import resize_longest, sample
from engine.processing import (
    MAX_COST_S,
    MAX_STEPS,
    OPERATIONS,
    Step,
    parse_chain,
    program,
    run_chain,
    write_chain,
)
from engine.processing.enhancement import Contrast

EVERY = [Step(kind(), is_on=bool(i % 2)) for i, kind in enumerate(OPERATIONS.values())]


def bgr(name: str, side_px: int = 120) -> np.ndarray:
    return np.ascontiguousarray(resize_longest(sample(name).pixels, side_px)[:, :, ::-1])


def test_a_chain_is_read_as_it_was_written() -> None:
    for start in range(0, len(EVERY), MAX_STEPS):
        steps = tuple(EVERY[start : start + MAX_STEPS])
        assert parse_chain(write_chain(steps)) == steps
    assert parse_chain("") == ()
    assert parse_chain("contrast,0.05")[0].operation == Contrast(0.05)


@pytest.mark.parametrize(
    "text",
    [
        "median_blur",
        "median_blur,3,4",
        "median_blur,4",
        "median_blur,3.0",
        "median_blur,+3",
        "median_blur, 3",
        "median_blur,1e1",
        "median_blur,٣",
        "contrast,nan",
        "contrast,inf",
        "contrast,99",
        "--median_blur,3",
        "exec,1",
        "apply",
        "__init__",
        "morphology,5,getWindowProperty,MORPH_RECT,1",
        "channel,0,__doc__",
        ";",
        "grey;",
        ";".join(["grey"] * (MAX_STEPS + 1)),
        "perspective,0,0,0,0,0,0,0,0",
    ],
)
def test_a_hostile_text_gets_a_sentence_in_both_languages(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_chain(text)
    english, korean = (refused.value.sentence(lang) for lang in ("en", "ko"))
    assert english.endswith(".")
    assert korean != english


def test_steps_follow_one_another_and_convert_where_they_must() -> None:
    picture = bgr("chelsea")
    steps = parse_chain("grey;saturation,2;-flip,1;otsu,THRESH_BINARY;median_blur,3")
    done = run_chain(picture, steps)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    _, white = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    assert [len(each.calls) for each in done] == [1, 2, 0, 2, 1]
    assert [each.picture.ndim for each in done] == [2, 3, 3, 2, 2]
    assert np.array_equal(done[-1].picture, cv2.medianBlur(white, 3))


@pytest.mark.parametrize(
    "text",
    [
        ";".join(["non_local_means,60,7,21"] * MAX_STEPS),
        "resize,200,INTER_CUBIC;non_local_means,60,7,21",
    ],
)
def test_what_would_take_too_long_is_refused_before_it_begins(text: str) -> None:
    with pytest.raises(InputError, match=f"at most {MAX_COST_S:g} s"):
        run_chain(np.zeros((480, 480, 3), np.uint8), parse_chain(text))


@pytest.mark.parametrize(("size", "percent"), [((480, 480), 400), ((3, 3), 5), ((300, 1), 25)])
def test_a_picture_grows_and_shrinks_within_bounds(size: tuple[int, int], percent: int) -> None:
    with pytest.raises(InputError, match="each side"):
        run_chain(np.zeros((*size, 3), np.uint8), parse_chain(f"resize,{percent},INTER_AREA"))


@pytest.mark.parametrize("start", range(0, len(OPERATIONS), 5))
def test_the_script_that_is_shown_runs_and_makes_the_same_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    """In a namespace of its own, from a file of the whole picture to a file of the result."""
    picture = sample("coffee").pixels
    copy = bgr("coffee", 200)
    steps = [Step(kind()) for kind in list(OPERATIONS.values())[start : start + 5]]
    done = run_chain(copy, steps)
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("coffee's.png", picture[:, :, ::-1])
    space: dict[str, Any] = {}
    exec(program(done, "coffee's.png", (copy.shape[0], copy.shape[1])), space)
    assert np.array_equal(space["picture"], done[-1].picture)
    read = cv2.imread("result.png", cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert np.array_equal(read, done[-1].picture)
