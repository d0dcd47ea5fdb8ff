"""What the Image processing page's stage is told, and what is refused."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio
from starlette.testclient import TestClient

from engine.pictures import picture_store, resize_longest, sample
from engine.processing.restoration import SaltAndPepper
from engine.serving.classify.compute import classify_picture
from engine.serving.image_processing.contract import COPY_SIDE_PX, FILTERED_SIDE_PX

PATH = "image-processing"
HOSTILE = ["median_blur", "median_blur,4", "exec,1", "grey;" * 9 + "grey", "contrast,nan"]


def run(code: str, name: str, pixels: np.ndarray, monkeypatch: Any, folder: Any) -> np.ndarray:
    """The picture that a script makes, in a folder and a namespace of its own."""
    monkeypatch.chdir(folder)
    cv2.imwrite(name, pixels[:, :, ::-1])
    space: dict[str, Any] = {}
    exec(code, space)
    found = space["picture"]
    return found[:, :, ::-1] if found.ndim == 3 else np.repeat(found[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    "chain",
    [
        "salt_and_pepper,10,1;median_blur,3",
        "resize,50,INTER_AREA;rotate,20,INTER_CUBIC;-flip,1;clahe,4,8;sharpen,1.5,2",
        "gaussian_noise,20,7;bilateral_filter,60,7,3;canny,150,50;morphology,3,MORPH_CLOSE,MORPH_RECT,1",
        "hue_range,0,40,60;gamma,0.7;otsu,THRESH_BINARY_INV",
        "",
    ],
)
def test_the_code_that_is_shown_makes_the_picture_that_is_shown(
    ask: Callable, api: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, chain: str
) -> None:
    params = {"picture": "coffee", "chain": chain}
    arrays, _ = ask(PATH, **params, before="original")
    code = api.get(f"/api/v1/{PATH}/told", params=params).json()["code"]
    made = run(code, "coffee.png", sample("coffee").pixels, monkeypatch, tmp_path)
    assert np.array_equal(arrays["after"], made)
    copy = resize_longest(sample("coffee").pixels, COPY_SIDE_PX)
    assert np.array_equal(arrays["before"], copy)
    assert max(copy.shape) == COPY_SIDE_PX


def test_a_small_picture_is_not_copied_smaller(
    ask: Callable, api: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    params = {"picture": picture_store().put(pixels), "chain": "gamma,0.5"}
    arrays, _ = ask(PATH, **params)
    told = api.get(f"/api/v1/{PATH}/told", params=params).json()
    assert "INTER_AREA" not in told["code"]
    assert np.array_equal(
        arrays["after"], run(told["code"], "picture.png", pixels, monkeypatch, tmp_path)
    )


def test_before_and_after_belong_to_the_open_step(ask: Callable) -> None:
    chain = "salt_and_pepper,10,1;median_blur,3;flip,1"
    clean = ask(PATH, chain="")[0]["after"]
    noisy, first = ask(PATH, chain=chain, step="0")
    median, second = ask(PATH, chain=chain, step="1")
    flipped, third = ask(PATH, chain=chain)
    assert [each["opened"] for each in (first, second, third)] == [0, 1, 2]
    assert np.array_equal(noisy["before"], clean)
    assert np.array_equal(median["before"], noisy["after"])
    assert np.array_equal(flipped["after"], median["after"][:, ::-1])
    whole, _ = ask(PATH, chain=chain, step="7", before="original")
    assert np.array_equal(whole["before"], clean)
    assert np.array_equal(whole["after"], flipped["after"])
    reached = third["steps"]
    assert reached[1]["psnr_db"] == pytest.approx(peak_signal_noise_ratio(clean, median["after"]))
    assert reached[2]["psnr_db"] is None  # its pixels have moved
    difference = np.abs(noisy["after"].astype(int) - clean).max(axis=2)
    assert np.array_equal(noisy["difference"], difference)
    assert (noisy["counts"].sum(axis=1) == clean.shape[0] * clean.shape[1]).all()
    assert noisy["counts"][1, 0] > noisy["counts"][0, 0]


def test_a_step_that_is_off_changes_nothing_and_prints_nothing(ask: Callable) -> None:
    arrays, about = ask(PATH, chain="-median_blur,9")
    assert np.array_equal(arrays["before"], arrays["after"])
    assert about["steps"][0]["code"] == []
    assert about["steps"][0]["psnr_db"] == "equal"


def test_sizes_that_differ_have_no_difference_and_a_limit(ask: Callable) -> None:
    arrays, about = ask(PATH, chain="resize,50,INTER_LINEAR;resize,100,INTER_LINEAR", step="0")
    assert "difference" not in arrays
    high = [step["limits"]["percent"]["high"] for step in about["steps"]]
    assert high == [225, 400]
    chain = "resize,50,INTER_AREA;resize,200,INTER_CUBIC"  # of 320 × 480
    back, about = ask(PATH, picture="coffee", chain=chain, before="original")
    expected = peak_signal_noise_ratio(back["before"], back["after"])
    assert about["steps"][1]["psnr_db"] == pytest.approx(expected)
    most, _ = ask(PATH, chain=f"resize,{high[0]},INTER_LINEAR")
    assert max(most["after"].shape) <= 1024


def test_the_filters_are_compared_on_the_same_noise(api: TestClient) -> None:
    def told(chain: str) -> Any:
        return api.get(f"/api/v1/{PATH}/told", params={"chain": chain}).json()["restoring"]

    median = told("salt_and_pepper,10,1;median_blur,3")
    blurred = told("salt_and_pepper,10,1;gaussian_blur,3,0")
    assert median["noise"] == "salt_and_pepper"
    assert median["others_db"]["gaussian_blur"] == pytest.approx(blurred["reached_db"])
    assert blurred["others_db"]["median_blur"] == pytest.approx(median["reached_db"])
    assert median["reached_db"] > max(median["others_db"].values())
    gaussian = told("gaussian_noise,25,1;median_blur,3")
    assert gaussian["others_db"]["non_local_means"] > gaussian["reached_db"]
    for chain in ("median_blur,3", "salt_and_pepper,10,1", "flip,1;salt_and_pepper,9,1;grey"):
        assert told(chain) is None


def test_the_classifier_sees_the_same_two_pictures(ask: Callable) -> None:
    chain = "gaussian_blur,31,10"
    arrays, _ = ask(PATH, chain=chain)
    _, about = ask(f"{PATH}/classes", chain=chain)
    for name in ("before", "after"):
        labels = classify_picture(arrays[name], "mobilenet_v2", 3).labels
        assert [each["index"] for each in about[name]] == [each.index for each in labels]
        for each, label in zip(about[name], labels, strict=True):
            assert each["prob"] == pytest.approx(label.prob, abs=1e-4)
    best = about["before"][0]
    (again,) = [each for each in about["after"] if each["index"] == best["index"]] or [None]
    assert again is None or again["prob"] == pytest.approx(best["other"])


def test_filters_are_compared_each_at_its_best(api: TestClient, ask: Callable) -> None:
    def curves(noise: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        while api.get(f"/api/v1/{PATH}/filters", params={"noise": noise}).status_code == 202:
            pass
        return ask(f"{PATH}/filters", noise=noise)

    salt, told = curves("salt_and_pepper")
    assert set(told["best"]) == {"median_blur"}
    assert salt["psnr_db"].shape == (5, len(salt["amounts"]))
    assert (np.diff(salt["psnr_db"][0]) < 0).all()  # more noise, a worse picture
    # one point of it, by OpenCV alone
    clean = resize_longest(sample("chelsea").pixels, FILTERED_SIDE_PX)[:, :, ::-1]
    noisy = SaltAndPepper(int(salt["amounts"][2]), 1).apply(np.ascontiguousarray(clean))
    reached = [peak_signal_noise_ratio(clean, cv2.medianBlur(noisy, k)) for k in (3, 5, 7)]
    place = told["filters"].index("median_blur") + 1
    assert salt["psnr_db"][place, 2] == pytest.approx(max(reached))
    assert (
        told["settings"]["median_blur"][2]
        == f"cv2.medianBlur(picture, {3 + 2 * int(np.argmax(reached))})"
    )
    _, gaussian = curves("gaussian_noise")
    assert "median_blur" not in gaussian["best"]


@pytest.mark.parametrize("chain", HOSTILE)
@pytest.mark.parametrize("path", ["", "/told", "/classes"])
def test_a_hostile_chain_is_a_sentence(api: TestClient, path: str, chain: str) -> None:
    said = []
    for lang in ("en", "ko"):
        answer = api.get(
            f"/api/v1/{PATH}{path}", params={"chain": chain}, headers={"Accept-Language": lang}
        )
        assert answer.status_code == 422
        said.append(answer.json()["detail"])
    assert said[0] != said[1]
    assert said[0].endswith(".")
