"""What the Fully convolutional page is told, against nets run by hand and torch's own layers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torch.nn import functional as F

from engine.detection.window_classifiers import find_window_classifier
from engine.pictures import picture_store, resolve
from engine.serving.fully_convolutional import compute as convolved

PATH = "fully-convolutional"
DRAWN = {"picture": "chelsea", "target": "square"}


@pytest.mark.parametrize("padding", ["none", "zeros"])
def test_crops_are_the_nets_answers_to_each_crop(ask: Callable, padding: str) -> None:
    arrays, about = ask(PATH, **DRAWN, padding=padding, stride=4)
    subject = convolved.find_subject("chelsea", "square", padding)  # pyright: ignore[reportArgumentType]
    x, found = subject.ready(), subject.seen
    rows, columns = arrays["crops"].shape
    expected = np.empty((rows, columns), np.float32)
    with torch.no_grad():
        for row in range(rows):
            crops = [x[:, 4 * row : 4 * row + 32, 4 * c : 4 * c + 32] for c in range(columns)]
            probs = found.net(torch.stack(crops)).softmax(dim=1)
            expected[row] = probs[:, found.classes.index("square")]
    np.testing.assert_allclose(arrays["crops"], expected, atol=1e-5)
    apart = float(np.abs(arrays["crops"] - arrays["whole"]).max())
    assert about["apart_heat"] == pytest.approx(apart)
    if padding == "none":
        assert about["apart_logit"] < 1e-4
        assert apart < 1e-4
    else:
        assert about["apart_logit"] > 1
        assert apart > 0.1
    assert about["accuracy"] == found.accuracy


def test_with_padding_the_logits_of_every_window_differ(ask: Callable) -> None:
    ask(PATH, **DRAWN, padding="zeros")
    subject = convolved.find_subject("chelsea", "square", "zeros")
    both = convolved.both_ways(subject)
    assert isinstance(both, convolved.Both)
    assert float(both.apart.min()) > 0.01


@pytest.mark.parametrize(("stride", "passes"), [(1, 16), (2, 4), (3, 16), (4, 1), (6, 4), (8, 1)])
def test_a_stride_is_a_sample_of_the_finest_and_takes_its_passes(
    ask: Callable, stride: int, passes: int
) -> None:
    arrays, about = ask(PATH, **DRAWN, stride=stride)
    finest, _ = ask(PATH, **DRAWN, stride=1)
    for name in ("crops", "whole"):
        np.testing.assert_array_equal(arrays[name], finest[name][::stride, ::stride])
    assert about["passes"] == passes


@pytest.mark.parametrize(("how", "mode"), [("nearest", "nearest"), ("bilinear", "bilinear")])
def test_the_map_is_enlarged_by_the_stride(ask: Callable, how: str, mode: str) -> None:
    arrays, about = ask(PATH, **DRAWN, stride=8, upsample=how)
    whole = torch.tensor(arrays["whole"])[None, None]
    expected = F.interpolate(whole, scale_factor=8, mode=mode)[0, 0]
    np.testing.assert_allclose(arrays["enlarged"], expected, atol=1e-6)
    assert about["apart_ways"] > 1e-4
    assert about["apart_inside"] < 1e-5


def test_a_photo_is_asked_of_mobilenet_which_pads(ask: Callable) -> None:
    arrays, about = ask(PATH, picture="coffee", target="cup", stride=4, upsample="transposed")
    assert (about["net"], about["padded"], about["passes"]) == ("imagenet", True, 1)
    assert about["limits"]["padding"] == {"disabled": True}
    net = find_window_classifier("imagenet").net
    subject = convolved.find_subject("coffee", "cup", "none")
    x = subject.ready()
    with torch.no_grad():
        corner = net(x[None, :, :96, :96]).softmax(dim=1)[0, [504, 967, 968, 969]].sum()
    assert arrays["crops"][0, 0] == pytest.approx(corner.item(), abs=1e-4)
    assert about["apart_heat"] > 0.01
    assert arrays["enlarged"].shape == tuple(32 * n for n in arrays["whole"].shape)


@pytest.mark.parametrize(
    ("asked", "cells"),
    [({"padding": "none"}, 5), ({"padding": "zeros"}, 8)],
)
def test_dense_row_and_kernel_are_the_layers_own(ask: Callable, asked: dict, cells: int) -> None:
    arrays, about = ask(f"{PATH}/weights", **DRAWN, **asked)
    found = convolved.find_subject("chelsea", "square", asked["padding"]).seen
    row = convolved.dense_layer(found.net).weight[found.classes.index("square")].detach().numpy()
    np.testing.assert_array_equal(arrays["dense"], row)
    np.testing.assert_array_equal(arrays["kernel"], row.reshape(32, cells, cells))
    assert about["conv_shape"] == [4, 32, cells, cells]
    assert (about["name"], about["apart"]) == ("square", 0)


def test_a_group_shows_its_first_class_and_the_guess_its_own(ask: Callable) -> None:
    arrays, about = ask(f"{PATH}/weights", picture="chelsea", target="cat")
    assert (about["name"], about["output"]) == ("tabby", 281)
    assert arrays["kernel"].shape == (1280, 1, 1)
    _, guess = ask(f"{PATH}/weights", picture="chelsea", target="guess")
    assert guess["output"] in range(281, 286)


@pytest.mark.parametrize(("padding", "cells"), [("none", 5), ("zeros", 8)])
def test_a_window_tells_where_its_maps_differ(ask: Callable, padding: str, cells: int) -> None:
    arrays, about = ask(f"{PATH}/window", **DRAWN, padding=padding, row=5, column=6)
    assert arrays["apart"].shape == (cells, cells)
    assert about["channels"] == 32
    assert (arrays["apart"].max() > 0.1 * about["size"]) == (padding == "zeros")


def test_all_three_ways_are_timed(ask: Callable) -> None:
    arrays, _ = ask(PATH, **DRAWN, stride=8)
    _, about = ask(f"{PATH}/cost", **DRAWN, stride=8)
    for way in ("single", "batched", "whole"):
        assert 0 < about[way]["windows"] <= arrays["whole"].size
        assert about[way]["ms"] > 0
    assert about["whole"]["windows"] == arrays["whole"].size
    pace = {way: about[way]["ms"] / about[way]["windows"] for way in about}
    assert pace["whole"] < pace["single"]


def test_the_picture_is_what_was_looked_at(ask: Callable) -> None:
    arrays, _ = ask(f"{PATH}/picture", picture="coffee", target="cup")
    height, width = resolve("coffee").pixels.shape[:2]
    assert arrays["picture"].shape[0] / arrays["picture"].shape[1] == pytest.approx(
        height / width, rel=0.01
    )
    drawn, _ = ask(f"{PATH}/picture", **DRAWN)
    assert drawn["picture"].shape == (320, 480, 3)


WRONG = ["target=unicorn", "picture=gone&target=cat", "padding=same", "stride=0", "stride=9"]


@pytest.mark.parametrize("wrong", [*WRONG, "stride=x", "upsample=cubic"])
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}?{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("part", "wrong"),
    [(part, wrong) for part in ("picture", "weights") for wrong in WRONG[:3]]
    + [("cost", wrong) for wrong in WRONG]
    + [("window", "row=-1&column=0"), ("window", "row=0&column=999"), ("window", "row=0")],
)
def test_wrong_values_of_the_parts_get_a_sentence(api: TestClient, part: str, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}/{part}?{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("size", [(1, 1), (5, 2)])
def test_odd_pictures_are_looked_at(ask: Callable, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    ref = picture_store().put(pixels)
    arrays, _ = ask(PATH, picture=ref, target="dog", stride=8, upsample="transposed")
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_pictures_too_thin_get_a_sentence(api: TestClient) -> None:
    ref = picture_store().put(np.zeros((1, 13, 3), np.uint8))
    answer = api.get(f"/api/v1/{PATH}?picture={ref}&target=cat")
    assert answer.status_code == 422
    assert "12 times" in answer.json()["detail"]
