"""What the filter-sliding stage is told, against PyTorch, OpenCV, autograd and torchvision."""

import math
import random
import re
import tomllib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from engine.pictures import sample
from engine.serving.filter_sliding.setting import SCENES
from pages.ui.chapters import page_folder

PATH = "filter-sliding"
FOLDER = page_folder("filter_sliding")
assert FOLDER is not None
LABELS = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
SETTINGS = [
    {},
    {"stride": 2},
    {"stride": 3, "padding": 2, "dilation": 2},
    {"kernel_size": 5, "same": True},
    {"kernel_size": 4, "same": True, "preset": "blur"},
    {"kernel_size": 7, "stride": 4, "padding": 3, "preset": "sharpen"},
    {"kernel_size": 1, "preset": "identity", "scene": "tiny"},
    {"colour": True, "filters": 6, "preset": "emboss"},
    {"colour": True, "filters": 6, "kernel_size": 5},
    {"colour": True, "filters": 3, "preset": "net_30", "scene": "crop64", "stride": 2},
    {"transposed": True, "stride": 2, "padding": 1, "filters": 2, "scene": "tiny"},
    {"transposed": True, "stride": 4, "dilation": 3, "scene": "crop16", "colour": True},
    {"scene": "signal", "preset": "derivative"},
    {"scene": "signal", "preset": "gaussian", "kernel_size": 6, "same": True, "filters": 4},
    {"scene": "signal", "preset": "blur", "transposed": True, "stride": 3, "colour": True},
    {"bias": -12.5, "weights": ",".join("123456789"), "filters": 2},
]


def torch_output(arrays: dict[str, np.ndarray], asked: dict, dims: int) -> torch.Tensor:
    """The same layer by ``torch.nn.functional``, from the arrays that the stage was given."""
    kernel, bias, given = (torch.from_numpy(arrays[n].copy()) for n in ("kernel", "bias", "input"))
    stride, dilation = asked.get("stride", 1), asked.get("dilation", 1)
    padding: Any = "same" if asked.get("same") else asked.get("padding", 0)
    if dims == 1:
        kernel, given = kernel[:, :, 0], given[:, 0]
    if asked.get("transposed"):
        function = F.conv_transpose1d if dims == 1 else F.conv_transpose2d
        stored = kernel.transpose(0, 1)
        return function(given, stored, bias, stride, padding, dilation=dilation)
    function = F.conv1d if dims == 1 else F.conv2d
    return function(given, kernel, bias, stride, padding, dilation)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("asked", SETTINGS, ids=str)
def test_the_output_is_pytorchs_and_every_fact_fits_it(ask: Callable, asked: dict) -> None:
    arrays, about = ask(PATH, **asked)
    dims = 1 if asked.get("scene") == "signal" else 2
    expected = torch_output(arrays, asked, dims).numpy()
    output = arrays["output"] if dims == 2 else arrays["output"][:, 0]
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-3)
    cost = about["cost"]
    assert cost["output_shape"] == list(arrays["output"].shape)
    assert cost["input_shape"] == list(arrays["input"].shape)
    assert cost["parameters"] == arrays["kernel"].size + arrays["bias"].size
    assert cost["width"].endswith(f"= {arrays['output'].shape[2]}")
    assert cost["height"].endswith(f"= {arrays['output'].shape[1]}")
    dense = arrays["input"].size * arrays["output"].size + arrays["output"].size
    assert cost["dense_parameters"] == dense
    positions = arrays["input" if asked.get("transposed") else "output"][0].size
    assert cost["multiply_adds"] == positions * arrays["kernel"].size
    assert len(about["filters"]) == asked.get("filters", 1)


def test_the_classic_of_the_course(ask: Callable) -> None:
    _, about = ask(PATH, scene="crop32", colour=True, kernel_size=5, filters=6)
    cost = about["cost"]
    assert cost["input_shape"] == [3, 32, 32]
    assert cost["output_shape"] == [6, 28, 28]
    assert cost["parameters"] == 6 * (3 * 5 * 5 + 1)


def test_input_and_sobel_are_opencvs(ask: Callable) -> None:
    pixels = sample("coffee").pixels
    height, width = pixels.shape[:2]
    left = (width - height) // 2
    square = pixels[:, left : left + height]
    small = cv2.resize(square, (48, 48), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    arrays, about = ask(PATH, picture="coffee", scene="crop48", preset="sobel_x")
    assert about["square"]["box"] == [left, 0, left + height, height]
    np.testing.assert_array_equal(arrays["input"][0], grey)
    expected = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3)[1:-1, 1:-1]
    np.testing.assert_allclose(arrays["output"][0], expected, atol=1e-3)


def test_a_grey_picture_gets_the_same_answer_in_three_channels(ask: Callable) -> None:
    grey, _ = ask(PATH, picture="camera", preset="laplacian")
    colour, _ = ask(PATH, picture="camera", preset="laplacian", colour=True)
    np.testing.assert_allclose(grey["output"], colour["output"], atol=2e-3)


def test_the_tiny_grid_holds_whole_numbers_from_0_to_9(ask: Callable) -> None:
    arrays, about = ask(PATH, picture="camera", scene="tiny")
    values = arrays["input"]
    assert about["top"] == 9
    assert values.shape == (1, 7, 7)
    np.testing.assert_array_equal(values, np.rint(values))
    assert values.min() >= 0
    assert values.max() <= 9


def test_a_signal_is_the_middle_row_of_the_square(ask: Callable) -> None:
    picture, _ = ask(PATH, scene="crop32", colour=True, spot="30,60,50")
    signal, _ = ask(PATH, scene="signal", colour=True, spot="30,60,50", preset="blur")
    np.testing.assert_array_equal(signal["input"][:, 0], picture["input"][:, 16])


def test_the_spot_moves_the_square_and_stays_inside(ask: Callable) -> None:
    height, width = sample("chelsea").pixels.shape[:2]
    _, about = ask(PATH, spot="100,0,20")
    assert about["square"]["box"] == [width - 60, 0, width, 60]
    assert (about["square"]["picture_height_px"], about["square"]["picture_width_px"]) == (
        height,
        width,
    )


def test_learnt_filters_are_torchvisions(ask: Callable) -> None:
    from torchvision import models

    from engine.nets.weights import read_weights

    published = read_weights(models.MobileNet_V2_Weights.IMAGENET1K_V1)
    arrays, about = ask(PATH, colour=True, preset="net_29", filters=6)
    first = published["features.0.0.weight"]
    np.testing.assert_array_equal(arrays["kernel"], first[[29, 30, 31, 0, 1, 2]])
    assert about["filters"] == ["net_29", "net_30", "net_31", "net_0", "net_1", "net_2"]


def test_own_weights_are_laid_over_the_channels_or_given_for_each(ask: Callable) -> None:
    one = "0,0.5,0,-1,4,-1,0,0.25,0"
    kernel = np.array([float(w) for w in one.split(",")], np.float32).reshape(3, 3)
    grey, about = ask(PATH, weights=one)
    np.testing.assert_array_equal(grey["kernel"], kernel[None, None])
    assert about["filters"] == ["own"]
    spread, _ = ask(PATH, weights=one, colour=True)
    np.testing.assert_allclose(spread["kernel"][0], np.stack([kernel / 3] * 3), rtol=1e-6)
    three = ",".join([one, "0,0,0,0,1,0,0,0,0", "1,1,1,1,1,1,1,1,1"])
    each, _ = ask(PATH, weights=three, colour=True)
    np.testing.assert_array_equal(each["kernel"][0, 0], kernel)
    np.testing.assert_array_equal(each["kernel"][0, 2], np.ones((3, 3)))


def test_random_filters_differ_and_come_again(ask: Callable) -> None:
    first, about = ask(PATH, kernel_size=1, preset="random", filters=6)
    again, _ = ask(PATH, kernel_size=1, preset="random", filters=6)
    np.testing.assert_array_equal(first["kernel"], again["kernel"])
    drawn = [name == "random" for name in about["filters"]]
    assert sum(drawn) == 3
    assert len(set(first["kernel"][drawn].ravel().tolist())) == 3


def evaluate(written: str, **words: int) -> int:
    """A formula as the page writes it, reckoned out: ⌊ ⌋ is the floor, · a product."""
    for word, number in sorted(words.items(), key=lambda each: -len(each[0])):
        written = written.replace(word.replace("_", " "), str(number))
    python = written.translate(str.maketrans({"⌊": "floor(", "⌋": ")", "·": "*", "−": "-"}))
    assert re.fullmatch(r"(floor|[\d()+*/ -])+", python), python
    return eval(python, {"floor": math.floor})


def formula_words(lang: str, asked: dict, before: int, after: int) -> dict[str, int]:
    """What the words of the general formula stand for."""
    named = {"en": ("input", "kernel", "dilation", "stride", "padding", "before", "after")}
    named["ko"] = ("입력", "커널", "딜레이션", "스트라이드", "패딩", "앞쪽_패딩", "뒤쪽_패딩")
    side = SCENES[asked["scene"]]
    sizes = (side, asked["kernel_size"], asked["dilation"], asked["stride"], before, before, after)
    return dict(zip(named[lang], sizes, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_the_formula_is_true_of_random_settings(ask: Callable, seed: int) -> None:
    """Both the general one, in either language, and the one with the numbers put in."""
    draw = random.Random(seed)
    asked: dict[str, Any] = {
        "stride": draw.randint(1, 4), "kernel_size": draw.randint(1, 7), "preset": "random",
        "padding": draw.randint(0, 3), "dilation": draw.randint(1, 3),
        "scene": draw.choice(["crop24", "crop32"]), "transposed": draw.random() < 0.4,
    }  # fmt: skip
    if draw.random() < 0.3:
        asked |= {"same": True, "stride": 1, "transposed": False}
    arrays, about = ask(PATH, **asked)
    side = arrays["output"].shape[2]
    written, result = about["cost"]["width"].split(" = ")
    assert evaluate(written) == int(result) == side
    if not asked["transposed"]:
        assert written.startswith("⌊")
        assert "⌋ + 1" in written
    _, _, before, after = about["pads"]
    key = "formula_transposed" if asked["transposed"] else "formula"
    key += "" if before == after else "_uneven"
    for lang in ("en", "ko"):
        words = formula_words(lang, asked, before, after)
        general = LABELS[f"stage_{key}"][lang]
        assert evaluate(general, **words) == side
    assert str(before) in written


def test_same_padding_is_shown_as_it_is_used(ask: Callable) -> None:
    _, even = ask(PATH, kernel_size=5, same=True, preset="gaussian")
    assert even["limits"]["padding"] == {"disabled": True, "shown": {"at": 2, "text": "2"}}
    _, odd = ask(PATH, kernel_size=4, same=True, preset="blur")
    assert odd["limits"]["padding"]["shown"]["text"] == "1 + 2"
    _, free = ask(PATH, padding=1)
    assert "shown" not in free["limits"]["padding"]


@pytest.mark.parametrize("asked", SETTINGS, ids=str)
def test_colours_are_signed_only_where_both_signs_are(ask: Callable, asked: dict) -> None:
    arrays, about = ask(PATH, **asked)
    for values, scale in zip(arrays["output"], about["scales"], strict=True):
        assert scale["low"] <= values.min()
        assert values.max() <= scale["high"] * (1 + 1e-6)
        if values.min() < 0 < values.max():
            assert scale["low"] == -scale["high"] == -np.abs(values).max()
            assert scale["signed"]
        elif values.any():
            assert 0 in (scale["low"], scale["high"])
            assert not scale["signed"]


def test_a_blur_is_as_grey_as_its_input(ask: Callable) -> None:
    for preset in ("blur", "gaussian", "identity"):
        _, about = ask(PATH, preset=preset, padding=1)
        assert about["scales"] == [{"signed": False, "low": 0, "high": 255}]
    _, edges = ask(PATH, preset="sobel_x")
    assert edges["scales"][0]["signed"]


@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_dilation_is_the_way_from_one_weight_to_the_next(ask: Callable, dilation: int) -> None:
    _, about = ask(PATH, dilation=dilation)
    first, second, _ = about["cell"]["input_cols"]
    assert second - first == dilation
    assert LABELS["help_dilation"]["en"].startswith("Cells from one weight to the next")
    assert LABELS["help_dilation"]["ko"].startswith("한 가중치에서 다음 가중치까지의 칸 수")


@pytest.mark.parametrize("asked", SETTINGS, ids=str)
def test_a_cell_accounts_for_the_output(ask: Callable, asked: dict) -> None:
    whole, about = ask(PATH, **asked, cell="999,999", filter=5)
    filters, height, width = whole["output"].shape
    assert (about["cell"]["filter"], about["cell"]["row"], about["cell"]["col"]) == (
        filters - 1,
        height - 1,
        width - 1,
    )
    for filter_, row, col in ((0, 0, 0), (filters - 1, height // 2, width // 3)):
        arrays, told = ask(f"{PATH}/cell", **asked, filter=filter_, row=row, col=col)
        cell = told["cell"]
        products = arrays["patch"] * whole["kernel"][filter_]
        np.testing.assert_allclose(arrays["products"], products, rtol=1e-6)
        assert not arrays["patch"][:, arrays["is_padding"].astype(bool)].any()
        total = products.sum(dtype=np.float64) + whole["bias"][filter_]
        assert cell["total"] == pytest.approx(total, rel=1e-4, abs=1e-3)
        assert cell["total"] == pytest.approx(
            whole["output"][filter_, row, col], rel=1e-4, abs=2e-3
        )
        assert sum(cell["channel_sums"]) + cell["bias"] == pytest.approx(total, rel=1e-4, abs=1e-3)
        for at, (i, j) in enumerate(np.ndindex(arrays["is_padding"].shape)):
            if not arrays["is_padding"][i, j]:
                source = whole["input"][:, cell["input_rows"][i], cell["input_cols"][j]]
                np.testing.assert_array_equal(
                    arrays["patch"].reshape(len(source), -1)[:, at], source
                )
