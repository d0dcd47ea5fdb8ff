"""What the Selective Search page is told, held against scikit-image and against the scenes."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from skimage.measure import regionprops
from starlette.testclient import TestClient
from torchvision.ops import box_iou

from engine.detection.selective_search import regions
from engine.pictures import picture_store, resize_longest, sample
from engine.serving.selective_search import contract
from engine.serving.selective_search.recalls import draw_scenes

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH, RECALL = "selective-search", "selective-search/recall"


def test_regions_boxes_and_colours_are_scikit_images(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="coffee", scale=300)
    labels, merges = arrays["labels"].astype(int), arrays["merges"]
    assert about["first"] == labels.max() + 1 == len(merges) + 1
    pixels = resize_longest(sample("coffee").pixels, 320)
    assert about["size"] == list(pixels.shape[:2])
    for new, (one, other) in enumerate(merges, start=about["first"]):
        labels[(labels == one) | (labels == other)] = new
        if new % 10 == 0:
            (found,) = regionprops((labels == new).astype(int), pixels)
            top, left, bottom, right = found.bbox
            assert arrays["boxes"][new].tolist() == [left, top, right, bottom]
            assert arrays["sizes"][new] == found.area
            assert np.abs(arrays["colours"][new] - found.intensity_mean).max() <= 0.5 + 1e-6
    assert (labels == 2 * about["first"] - 2).all()
    sums = arrays["similarities"].sum(axis=1)  # all weights are 1
    np.testing.assert_allclose(arrays["sums"], sums, rtol=1e-5)


def test_weights_decide_who_merges(ask: Ask) -> None:
    by_all, _ = ask(PATH, scale=200)
    by_size, _ = ask(PATH, scale=200, colour=0, texture=0, fill=0)
    assert by_size["merges"].tolist() != by_all["merges"].tolist()
    made = by_size["sizes"][len(by_size["merges"]) + 1 :]
    assert (np.diff(made[: len(made) // 2]) >= 0).mean() > 0.8  # small regions first
    assert by_all["labels"].tolist() == by_size["labels"].tolist()


def largest_share(arrays: dict[str, np.ndarray], left: int) -> float:
    """Of the picture, of the largest region when so many are left."""
    first = len(arrays["merges"]) + 1
    done = first - left
    gone = np.unique(arrays["merges"][:done])
    standing = np.setdiff1d(np.arange(first + done), gone)
    assert len(standing) == left
    return arrays["sizes"][standing].max() / arrays["labels"].size


def test_without_size_one_region_swallows_the_picture(ask: Ask) -> None:
    """What the page says of the pagoda, and that the drawn scenes do not show it."""
    shares = [largest_share(ask(PATH, picture="china", size=size)[0], 20) for size in (1, 0)]
    np.testing.assert_allclose(shares, [0.37, 0.98], atol=0.02)
    assert ask(RECALL, size=0)[1]["found"] >= ask(RECALL)[1]["found"] - 0.02


def test_of_all_proposals_the_best_for_a_drawn_box_is_told(ask: Ask) -> None:
    asked = {"picture": "coffee", "truth": "270,30,705,810;0,0,100,100"}
    arrays, about = ask(PATH, **asked)
    truths = torch.tensor(arrays["truths"])
    assert truths.shape == (2, 4)
    every = box_iou(torch.tensor(arrays["boxes"]).float(), truths)
    np.testing.assert_allclose(arrays["best_iou"], every.max(dim=0).values, atol=1e-6)
    told = box_iou(torch.tensor(arrays["best"]).float(), truths).diagonal()
    np.testing.assert_allclose(arrays["best_iou"], told, atol=1e-6)
    windows = box_iou(torch.tensor(arrays["best_window"]).float(), truths).diagonal()
    np.testing.assert_allclose(arrays["best_window_iou"], windows, atol=1e-6)
    assert about["windows"] <= about["proposals"]


def test_eight_strategies_propose_more_and_hold_their_controls(ask: Ask) -> None:
    truth = "270,30,705,810"
    one, about = ask(PATH, picture="coffee", truth=truth, scale=50)
    fast, told = ask(PATH, picture="coffee", truth=truth, mode="fast", scale=700, colour=0.2)
    assert told["strategies"] == 8
    assert told["proposals"] > 3 * about["proposals"]
    assert fast["best_iou"][0] >= one["best_iou"][0]
    assert (told["space"], told["scale"], told["weights"]) == ("hsv", 50, [1, 1, 1, 1])
    held = {name for name, limit in told["limits"].items() if limit.get("disabled")}
    assert held == {"space", "scale", "colour", "texture", "size", "fill"}
    assert fast["merges"].tolist() == one["merges"].tolist()


def test_a_picture_of_one_colour_is_one_region(ask: Ask) -> None:
    token = picture_store().put(np.full((30, 50, 3), 77, np.uint8))
    arrays, about = ask(PATH, picture=token, truth="0,0,500,500")
    assert arrays["merges"].shape == (0, 2)
    assert about["proposals"] == 1
    assert arrays["best"].tolist() == [[0, 0, 50, 30]]


def test_proposals_find_with_dozens_what_windows_need_thousands_for(ask: Ask) -> None:
    """What the page's question is about, on the scenes that it opens with."""
    arrays, about = ask(RECALL)
    assert about["objects"] == draw_scenes(0.3).counts.sum() > 50
    assert about["ninety"] <= 100
    assert 1000 <= about["window_ninety"] <= 2500
    assert (np.diff(arrays["recall"]) >= 0).all()
    assert arrays["recall"][-1] == pytest.approx(about["found"])
    at = np.interp(about["ninety"], arrays["counts"], arrays["recall"])
    assert at >= 0.85


def test_shapes_as_bright_as_their_ground_are_lost_in_grey(ask: Ask) -> None:
    """What the page says of "in grey"."""
    assert ask(RECALL, space="grey")[1]["found"] < 0.75 < 0.95 < ask(RECALL)[1]["found"]


def test_in_faint_scenes_eight_strategies_find_what_one_never_does(ask: Ask) -> None:
    one = ask(RECALL, difficulty=1)[1]
    arrays, eight = ask(RECALL, difficulty=1, mode="fast")
    assert one["ninety"] is None
    assert eight["ninety"] is not None
    assert arrays["one_recall"][-1] == pytest.approx(one["found"])  # it is among the eight
    easy, many = ask(RECALL)[1], ask(RECALL, mode="fast")[1]
    assert many["ninety"] > easy["ninety"]


def test_a_stricter_overlap_finds_less(ask: Ask) -> None:
    loose, strict = (ask(RECALL, iou=iou) for iou in (0.5, 0.9))
    assert strict[1]["found"] < loose[1]["found"]
    assert (strict[0]["window_recall"] <= loose[0]["window_recall"]).all()
    assert strict[1]["window_ninety"] is None


def test_the_numbers_of_the_contract_are_the_engines() -> None:
    assert contract.MOST_REGIONS == regions.MOST_REGIONS


@pytest.mark.parametrize("path", [PATH, RECALL])
def test_weights_that_are_all_zero_are_a_sentence(api: TestClient, path: str) -> None:
    asked: dict[str, str] = dict.fromkeys(("colour", "texture", "size", "fill"), "0")
    answer = api.get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 422
    assert "above 0" in answer.json()["detail"]


@pytest.mark.parametrize("wrong", [{"truth": "1,2,3"}, {"truth": "500,0,400,9"}, {"picture": "x"}])
def test_wrong_values_are_a_sentence(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/{PATH}", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
