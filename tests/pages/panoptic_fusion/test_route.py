"""What the page on the fusion is told: each step follows from the one before it."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from skimage.feature import peak_local_max
from starlette.testclient import TestClient

PATH = "panoptic-fusion"
SCENE = {"scene": 34, "things": 7}


@pytest.mark.parametrize(("threshold", "window"), [(0.3, 7), (0.1, 3), (0.6, 15)])
def test_peaks_are_scikit_images(ask: Callable, threshold: float, window: int) -> None:
    arrays, _ = ask(PATH, **SCENE, threshold=threshold, window=window)
    found = peak_local_max(
        arrays["centres"], min_distance=window // 2, threshold_abs=threshold, exclude_border=False,
        p_norm=np.inf, footprint=np.ones((window, window)),
    )  # fmt: skip
    assert sorted(map(tuple, arrays["peaks"].tolist())) == sorted(map(tuple, found.tolist()))
    assert (np.diff(arrays["heights"]) <= 0).all()
    assert (arrays["heights"] > threshold).all()


def test_each_pixel_goes_to_the_peak_nearest_to_where_it_points(ask: Callable) -> None:
    arrays, about = ask(PATH, **SCENE)
    y, x = np.mgrid[: arrays["ids"].shape[0], : arrays["ids"].shape[1]]
    places = np.stack([y + arrays["offsets"][1], x + arrays["offsets"][0]], axis=2)
    away = np.sort(cdist(places.reshape(-1, 2), arrays["peaks"]), axis=1)
    np.testing.assert_allclose(arrays["distance"].ravel(), away[:, 0], atol=1e-3)
    np.testing.assert_allclose(arrays["second"].ravel(), away[:, 1], atol=1e-3)
    things = np.array(about["is_thing"])[arrays["semantic"]]
    for k, number in enumerate(arrays["peak_ids"]):
        own = things & (arrays["winner"] == k)
        counted = np.bincount(arrays["semantic"][own], minlength=len(about["classes"]))
        assert np.array_equal(arrays["votes"][k], counted)
        assert number == 0 or np.array_equal(arrays["ids"] == number, own)


def test_pq_is_what_its_parts_give(ask: Callable) -> None:
    _, about = ask(PATH, **SCENE, difficulty=0.8)
    parts = []
    for category, quality in enumerate(about["quality"]):
        own = [each for each in about["verdicts"] if each["category"] == category]
        ious = [each["iou"] for each in own if each["outcome"] == "match"]
        mistakes = sum(each["outcome"].startswith("false") for each in own)
        assert quality["matches"] == len(ious)
        if own:
            parts.append(sum(ious) / (len(ious) + mistakes / 2))
            assert quality["pq"] == pytest.approx(parts[-1])
            assert quality["pq"] == pytest.approx(quality["sq"] * quality["rq"])
    assert about["pq"] == pytest.approx(np.mean(parts))


def test_thresholds_do_what_they_say(ask: Callable) -> None:
    usual, about = ask(PATH, **SCENE)
    none, without = ask(PATH, **SCENE, threshold=1)
    things = np.array(about["is_thing"])[usual["semantic"]]
    assert (none["heights"] > 1).all()
    assert without["void_px"] == (none["ids"] == 0).sum()
    assert without["pq"] < about["pq"] - 0.2
    no_stuff, _ = ask(PATH, **SCENE, stuff_area=4000)
    for category, area in enumerate(usual["stuff_px"]):
        of_class = (usual["semantic"] == category) & ~things
        assert (no_stuff["ids"][of_class] == 0).all() == (area < 4000 or not of_class.any())
    assert np.array_equal(no_stuff["offsets"], usual["offsets"])  # the net was not asked again


@pytest.mark.parametrize(
    "wrong",
    ["threshold=-0.1", "threshold=nan", "window=0", "window=33", "window=4", "stuff_area=-1",
     "stuff_area=4001", "scene=0", "things=13", "difficulty=2", "overlap=1"],
)  # fmt: skip
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}?{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
