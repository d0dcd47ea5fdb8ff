"""What the SVM part is told of a training on drawn boxes, and of another picture."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.detection.boxes import box_iou
from engine.pictures import picture_store

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
EYES = "115,72,193,134;258,94,316,148"
WHEEL = "66,126,158,218"


def best_iou(found: np.ndarray, box: Sequence[float]) -> float:
    return float(box_iou(torch.tensor(found), torch.tensor([list(box)])).max())


def test_both_eyes_are_found_and_each_round_is_counted(ask: Ask) -> None:
    first, about = ask("haar-hog/svm", boxes=EYES)
    for box in ([115, 72, 193, 134], [258, 94, 316, 148]):
        assert best_iou(first["found"], box) > 0.6
    assert first["wrong"].tolist()[0] > 5
    assert len(first["hard"]) == 0
    mined, later = ask("haar-hog/svm", boxes=EYES, rounds=2)
    assert mined["wrong"][0] == first["wrong"][0]
    assert mined["added"][0] == first["wrong"][0]
    assert mined["wrong"][2] < mined["wrong"][0]
    assert len(mined["hard"]) == mined["added"].sum()
    assert len(mined["sampled"]) == len(first["sampled"]) == 200
    assert len(mined["background_values"]) == 200 + mined["added"].sum()
    assert later["windows"] == about["windows"] > 10_000


def test_numbers_belong_together(ask: Ask) -> None:
    arrays, about = ask("haar-hog/svm", boxes=EYES, background="320,70,360,105", c=-1)
    assert about["drawn"] == 1
    assert len(arrays["background_values"]) == 201
    assert about["margin"] == [
        (arrays["object_values"] <= 1.01).sum(),
        (arrays["background_values"] >= -1.01).sum(),
    ]
    assert list(arrays["template"].shape) == [*about["cells"], 9]
    assert np.nanmax(arrays["map"]) == pytest.approx(about["best"])
    assert (arrays["responses"] > 0).all()
    assert (np.diff(arrays["responses"]) <= 0).all()
    assert about["converged"]


def test_a_wheel_finds_a_cup(ask: Ask) -> None:
    """The page's "the wheel, on a cup": the template keeps, the picture changes."""
    here, at_home = ask(
        "haar-hog/svm", boxes=WHEEL, taught="motorcycle", picture="motorcycle", c=-2.5
    )
    there, away = ask("haar-hog/svm", boxes=WHEEL, taught="motorcycle", picture="coffee", c=-2.5)
    assert np.array_equal(here["template"], there["template"])
    assert best_iou(here["found"], [66, 126, 158, 218]) > 0.6
    assert best_iou(there["found"], [115, 15, 270, 140]) > 0.5
    assert at_home["look_ms"] is None
    assert away["look_ms"] > 0
    assert best_iou(here["found"], [272, 143, 370, 243]) < 0.3  # one box does not find the other


def test_another_seed_draws_other_background(ask: Ask) -> None:
    one, other = (ask("haar-hog/svm", boxes=EYES, seed=seed, samples=50)[0] for seed in (0, 1))
    assert one["sampled"].shape == other["sampled"].shape == (50, 4)
    assert not np.array_equal(one["sampled"], other["sampled"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"boxes": ""},
        {"boxes": "1,2,3"},
        {"boxes": "a,b,c,d"},
        {"boxes": "nan,10,60,60"},
        {"boxes": "10,10,inf,60"},
        {"boxes": "10,10,20,60"},
        {"boxes": "-5,10,60,60"},
        {"boxes": "10,10,900,60"},
        {"boxes": "60,60,10,10"},
        {"boxes": ";".join(["10,10,60,60"] * 51)},
        {"boxes": ";".join(["10,10,60,60"] * 500)},
        {"background": "0,0,5,5"},
        {"c": "1.1"},
        {"c": "nan"},
        {"samples": "9"},
        {"rounds": "7"},
        {"seed": "-1"},
        {"taught": "nobody"},
        {"picture": "nobody"},
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.get("/api/v1/haar-hog/svm", params={"boxes": EYES} | wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


def test_pictures_of_a_few_pixels(ask: Ask, api: TestClient) -> None:
    dot = picture_store().put(np.zeros((1, 1, 3), np.uint8))
    arrays, about = ask("haar-hog/svm", boxes=EYES, picture=dot)
    assert about["windows"] == len(arrays["found"]) == 0
    assert about["best"] is None
    small = picture_store().put(np.zeros((24, 24, 3), np.uint8))
    params = {"boxes": "0,0,24,24", "taught": small, "picture": small}
    answer = api.get("/api/v1/haar-hog/svm", params=params)
    assert answer.status_code == 422
    assert "no background" in answer.json()["detail"]
