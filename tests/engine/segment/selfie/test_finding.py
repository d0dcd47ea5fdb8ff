"""People on photographs of any size."""

import cv2
import numpy as np
import pytest
import torch

from engine.detection.nanodet.weights import load_nanodet
from engine.pictures import sample
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment
from engine.segment.selfie.finding import (
    SOMEBODY,
    People,
    best_person,
    cut_out_people,
    front_map,
)
from engine.segment.selfie.weights import load_selfie_net

NET = load_selfie_net(torch.device("cpu"))
DETECTOR = load_nanodet(torch.device("cpu"))


def test_the_astronaut_is_cut_out_and_what_is_behind_is_not() -> None:
    pixels = sample("astronaut").pixels
    probs = front_map(NET, pixels)
    assert probs.shape == (512, 512)
    assert probs[64:128, 200:256].min() > 0.9  # her face
    assert probs[320:480, 128:288].min() > 0.5  # her suit
    assert probs[:256, :32].mean() < 0.05  # the flag
    assert probs[:256, 352:].max() < 0.1  # the shuttle


@pytest.mark.parametrize("name", ["chelsea", "coffee", "motorcycle", "china", "flower", "rocket"])
def test_where_nobody_is_nobody_is_cut_out(name: str) -> None:
    pixels = sample(name).pixels
    assert best_person(DETECTOR, pixels) < SOMEBODY
    answer = segment("selfie", pixels)
    assert answer.to_dicts() == []
    assert answer.covered == 0


def test_the_mask_alone_takes_a_cat_for_somebody() -> None:
    """Why a detector is asked first."""
    probs = front_map(NET, sample("chelsea").pixels)
    assert (probs >= 0.5).mean() > 0.85
    assert probs[probs >= 0.5].mean() > 0.9


def test_a_photo_of_four_thousand_pixels_is_cut_as_a_small_one() -> None:
    small = sample("astronaut").pixels
    large = cv2.resize(small, (4000, 4000))
    whole = front_map(NET, large) >= 0.5
    again = cv2.resize(whole.astype(np.uint8), (512, 512), interpolation=cv2.INTER_NEAREST)
    assert (again != (front_map(NET, small) >= 0.5)).mean() < 0.02


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (300, 2), (255, 257)])
def test_pictures_of_any_size_have_a_map_of_their_size(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    probs = front_map(NET, pixels)
    assert probs.shape == size
    assert probs.min() >= 0
    assert probs.max() <= 1


def test_a_segment_holds_the_pixels_that_are_likely_enough() -> None:
    probs = np.array([[0.1, 0.5], [0.7, 0.9]], np.float32)
    found = People(probs, person=SOMEBODY)
    answer = cut_out_people(found)
    assert answer.found.ids.tolist() == [[0, 1], [1, 1]]
    (row,) = answer.to_dicts()
    assert row == {
        "id": 1, "class": "person", "area_px": 3, "thing": True,
        "score": pytest.approx(0.7, abs=1e-6),
    }  # fmt: skip
    assert cut_out_people(found, 0.95).to_dicts() == []
    assert cut_out_people(found, 0.0).found.void_px == 0
    assert cut_out_people(People(probs, person=SOMEBODY - 0.01)).to_dicts() == []


def test_it_is_a_segmenter_like_the_others() -> None:
    pixels = sample("astronaut").pixels
    found = segment("selfie", pixels)
    (row,) = found.to_dicts()
    assert row["class"] == "person"
    assert row["score"] > 0.9
    assert 0.5 < found.covered < 0.6
    assert segment("selfie", pixels, Settings(least=0.95)).covered < found.covered


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_what_is_no_picture_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        front_map(NET, wrong)
