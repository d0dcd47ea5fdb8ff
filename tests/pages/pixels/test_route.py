"""What the Pixels page's stage is told, against OpenCV, Pillow, NumPy and scikit-image."""

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio
from starlette.testclient import TestClient

from engine.cache import Cache
from engine.pictures import WORKING_SIDE_PX, picture_store, resolve, sample
from engine.serving.pixels import compute as rasters
from engine.serving.pixels.compute import Setting, compare_weights, weigh
from engine.serving.pixels.contract import LONGEST_SIDE_PX

ODD = {
    "one pixel": np.array([[[200, 30, 90]]], np.uint8),
    "one column": np.random.default_rng(0).integers(0, 256, (1900, 1, 3), dtype=np.uint8),
    "one row": np.random.default_rng(1).integers(0, 256, (1, 1900, 3), dtype=np.uint8),
    "white": np.full((5, 7, 3), 255, np.uint8),
}


def at(resolution_px: int, bits: int = 24, dither: bool = False) -> Setting:
    return Setting(resolution_px, bits, dither, "rgb")


def luma(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def test_the_whole_picture_in_colour_is_the_file_itself(ask: Callable) -> None:
    arrays, about = ask("pixels", picture="chelsea")
    pixels = sample("chelsea").pixels
    np.testing.assert_array_equal(arrays["pixels"], pixels)
    counts = [np.histogram(pixels[:, :, c], 256, (0, 256))[0] for c in range(3)]
    np.testing.assert_array_equal(arrays["counts"], counts)
    height, width = pixels.shape[:2]
    assert about["size"] == about["own_size"] == [height, width]
    assert about["bitmap_bytes"] == pixels.nbytes
    assert about["row_bytes"] == 3 * width
    assert about["limits"]["resolution"] == {"high": width}
    assert about["limits"]["zoom"] == {"high": width / 8}
    assert about["limits"]["dither"] == {"disabled": True}


def test_resolution_averages_areas_as_opencv_does(ask: Callable) -> None:
    arrays, about = ask("pixels", picture="chelsea", resolution=16)
    small = cv2.resize(sample("chelsea").pixels, (16, 11), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(arrays["pixels"], small)
    assert about["limits"]["zoom"] == {"high": 2}


def test_eight_bits_are_one_grey_a_pixel(ask: Callable) -> None:
    arrays, about = ask("pixels", picture="coffee", bits=8, resolution=LONGEST_SIDE_PX)
    grey = luma(sample("coffee").pixels)
    np.testing.assert_array_equal(arrays["pixels"], grey[:, :, None])
    np.testing.assert_array_equal(arrays["counts"], [np.bincount(grey.ravel(), minlength=256)])
    assert (about["bits"], about["white"], about["bitmap_bytes"]) == (8, 255, grey.size)


@pytest.mark.parametrize("dither", [False, True])
def test_one_bit_is_zero_or_one_and_rows_fill_their_last_byte(ask: Callable, dither: bool) -> None:
    arrays, about = ask("pixels", picture="chelsea", bits=1, dither=dither)
    grey = Image.fromarray(luma(sample("chelsea").pixels))
    method = Image.Dither.FLOYDSTEINBERG if dither else Image.Dither.NONE
    expected = np.asarray(grey.convert("1", dither=method)).astype(np.uint8)
    np.testing.assert_array_equal(arrays["pixels"][:, :, 0], expected)
    np.testing.assert_array_equal(arrays["counts"], [np.bincount(expected.ravel())])
    packed = np.packbits(expected, axis=1)
    assert (about["bitmap_bytes"], about["row_bytes"]) == (packed.size, packed.shape[1])
    assert about["white"] == 1
    assert about["limits"]["dither"] == {"disabled": False}


@pytest.mark.parametrize(
    ("channels", "kept"),
    [("none", []), ("r", [0]), ("g", [1]), ("b", [2]), ("rb", [0, 2]), ("rgb", [0, 1, 2])],
)
def test_channels_left_out_are_zero_and_still_counted(
    ask: Callable, channels: str, kept: list[int]
) -> None:
    arrays, about = ask("pixels", picture="flower", channels=channels, resolution=64)
    whole, _ = ask("pixels", picture="flower", resolution=64)
    expected = np.zeros_like(whole["pixels"])
    expected[:, :, kept] = whole["pixels"][:, :, kept]
    np.testing.assert_array_equal(arrays["pixels"], expected)
    np.testing.assert_array_equal(arrays["counts"], whole["counts"])
    np.testing.assert_array_equal(arrays["maps"], whole["pixels"].transpose(2, 0, 1))
    assert about["channels"] == channels


def test_channels_and_dithering_that_mean_nothing_are_ignored(ask: Callable) -> None:
    plain, _ = ask("pixels", picture="flower", bits=8)
    asked, about = ask("pixels", picture="flower", bits=8, channels="b", dither=True)
    np.testing.assert_array_equal(asked["pixels"], plain["pixels"])
    assert about["channels"] == "rgb"


@pytest.mark.parametrize("pixels", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("bits", [1, 8, 24])
def test_odd_pictures_are_pictures(ask: Callable, pixels: np.ndarray, bits: int) -> None:
    token = picture_store().put(pixels)
    arrays, about = ask("pixels", picture=token, bits=bits, resolution=LONGEST_SIDE_PX)
    assert arrays["pixels"].shape == (*pixels.shape[:2], 3 if bits == 24 else 1)
    assert arrays["counts"].sum(axis=1).tolist() == [pixels[:, :, 0].size] * (
        3 if bits == 24 else 1
    )
    assert about["limits"]["zoom"]["high"] >= 1
    _, files = ask("pixels/files", picture=token, bits=bits)
    assert files["files"][0]["psnr_db"] is None
    picture_store().forget(token)


@pytest.mark.parametrize("bits", [1, 8, 24])
def test_files_are_real(ask: Callable, bits: int) -> None:
    query = {"picture": "coffee", "resolution": 100, "bits": bits}
    arrays, about = ask("pixels", **query)
    shown = arrays["pixels"] * (255 // about["white"])
    rgb = shown if bits == 24 else np.repeat(shown, 3, axis=2)
    _, told = ask("pixels/files", **query)
    assert told["bitmap_bytes"] == about["bitmap_bytes"]
    png, *jpegs = told["files"]
    assert (png["form"], png["psnr_db"]) == ("png", None)
    assert png["file_bytes"] < about["bitmap_bytes"] + 1000
    for file, quality in zip(jpegs, (90, 50), strict=True):
        data = io.BytesIO()
        Image.fromarray(rgb).save(data, "JPEG", quality=quality, subsampling="4:2:0")
        bgr = cv2.imdecode(np.frombuffer(data.getvalue(), np.uint8), cv2.IMREAD_COLOR)
        assert bgr is not None
        back = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        assert (file["quality"], file["file_bytes"]) == (quality, len(data.getvalue()))
        assert file["psnr_db"] == pytest.approx(peak_signal_noise_ratio(rgb, back), abs=0.05)


def test_a_picture_is_weighed_at_its_settings_at_half_and_at_both_ends() -> None:
    weights = compare_weights(resolve("chelsea"), at(100, 8))
    assert (weights.now.size, weights.now.bits) == ((67, 100), 8)
    assert (weights.half.size, weights.half.bits) == ((33, 50), 8)
    assert (weights.colour.size, weights.colour.bits) == ((67, 100), 24)
    assert (weights.two_values.size, weights.two_values.bits) == ((67, 100), 1)
    assert weights.now.png.exact
    assert not weights.now.jpegs[0].exact


def test_weights_are_recalled_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasters, "_weights", Cache(2))
    picture = resolve("chelsea")
    first = weigh(picture, at(8))
    assert weigh(picture, at(8, dither=True)) is first  # dithering means nothing at 24 bits
    for side in (9, 10):
        weigh(picture, at(side))
    kept: Any = rasters._weights.keys()
    assert [setting.resolution_px for _, setting in kept] == [9, 10]
    assert weigh(picture, at(8)) is not first


@pytest.mark.parametrize("path", ["pixels", "pixels/files", "pixels/weights"])
def test_a_picture_that_there_is_not_is_refused_with_one_sentence(
    api: TestClient, path: str
) -> None:
    answer = api.get(f"/api/v1/{path}", params={"picture": "no-such-picture"})
    assert answer.status_code == 404
    assert "no such picture" in answer.json()["detail"]


def test_the_working_copys_side_is_told_once() -> None:
    assert LONGEST_SIDE_PX == WORKING_SIDE_PX
