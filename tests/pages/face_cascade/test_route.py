"""What the Face cascade page is told: each window's fate, and what every net saw."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torchvision
from starlette.testclient import TestClient

from engine.detection.mtcnn.cascade import MtcnnSettings, find_faces
from engine.detection.mtcnn.nets import load_mtcnn
from engine.pictures import picture_store, sample

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH = "face-cascade"


def one_face_in(arrays: dict[str, np.ndarray]) -> np.ndarray:
    assert arrays["face_boxes"].shape == (1, 4)
    return arrays["face_boxes"][0]


def test_the_astronaut_has_one_face(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="astronaut")
    assert one_face_in(arrays) == pytest.approx((181.05, 62.16, 267.75, 172.05), abs=1)
    window = arrays["faces"][0]
    score = arrays["o_scores"][arrays["o_windows"] == window]
    assert score > 0.999
    assert about["furthest"] == window
    assert about["size"] == [512, 512]
    assert about["counts"][-1] == 1
    assert sorted(about["counts"], reverse=True) == list(about["counts"])
    assert about["counts"][0] == sum(np.prod(level["cells"]) for level in about["levels"])
    x, y = arrays["points"][0].T
    x1, y1, x2, y2 = one_face_in(arrays)
    assert ((x > x1) & (x < x2) & (y > y1) & (y < y2)).all()


@pytest.mark.parametrize("thresholds", [(0.6, 0.7, 0.7), (0.45, 0.2, 0.2), (0.95, 0.7, 0.9)])
def test_the_counts_are_those_of_the_plain_cascade(ask: Ask, thresholds: tuple) -> None:
    plain = find_faces(
        load_mtcnn(torch.device("cpu")),
        sample("astronaut").pixels,
        MtcnnSettings(thresholds=thresholds),
    )
    keys = dict(zip(("pnet", "rnet", "onet"), thresholds, strict=True))
    arrays, about = ask(PATH, picture="astronaut", **keys)
    assert about["counts"][1:] == [
        sum(len(level.boxes) for level in plain.levels),
        len(plain.proposals.candidates),
        len(plain.refined.candidates),
        len(plain.refined.passed),
        len(plain.output.candidates),
        len(plain.output.passed),
        len(plain.faces),
    ]
    np.testing.assert_allclose(arrays["face_boxes"], plain.output.boxes, atol=1e-2)


def test_what_is_left_is_what_torchvision_leaves(ask: Ask) -> None:
    arrays, _ = ask(PATH, picture="motorcycle", pnet=0.5, rnet=0.3, factor=0.9)
    boxes, scores = torch.tensor(arrays["boxes"]), torch.tensor(arrays["scores"])
    left = []
    for level in np.unique(arrays["cells"][:, 0]):
        own = torch.tensor(np.flatnonzero(arrays["cells"][:, 0] == level))
        left += own[torchvision.ops.nms(boxes[own], scores[own], 0.5)].tolist()
    assert sorted(left) == np.flatnonzero(arrays["fell"] > 2).tolist()
    left = torch.tensor(sorted(left))
    left = left[torchvision.ops.nms(boxes[left], scores[left], 0.7)]
    assert set(arrays["r_windows"]) == set(left.tolist())
    assert (arrays["fell"] == 3).sum() > 20  # levels as close as these do suppress each other
    passed = arrays["r_scores"] > 0.3
    squares, sure = (torch.tensor(arrays[n][passed]) for n in ("r_squares", "r_scores"))
    kept = torchvision.ops.nms(squares, sure, 0.7)
    assert set(arrays["o_windows"]) == set(arrays["r_windows"][passed][kept])


def test_crops_are_the_best_of_their_net(ask: Ask) -> None:
    arrays, _ = ask(PATH, picture="motorcycle", pnet=0.5, rnet=0.1)
    for net, side, most in (("r", 24, 64), ("o", 48, 24)):
        shown, scores = arrays[f"{net}_shown"], arrays[f"{net}_scores"]
        assert arrays[f"{net}_crops"].shape == (most, side, side, 3)
        assert np.array_equal(shown, np.argsort(-scores, kind="stable")[:most])


def test_levels_are_the_picture_and_its_maps(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/levels", picture="astronaut", min_face=40, factor=0.5)
    nets = load_mtcnn(torch.device("cpu"))
    plain = find_faces(nets, sample("astronaut").pixels, MtcnnSettings(40, 0.5)).levels
    assert len(about["levels"]) == len(plain) == 4
    for index, level in enumerate(plain):
        assert np.array_equal(arrays[f"map_{index}"], level.map)
        assert arrays[f"picture_{index}"].shape == (*level.size, 3)


def test_a_window_is_followed_from_net_to_net(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="astronaut")
    level, row, column = arrays["cells"][about["furthest"]].tolist()
    place = {"picture": "astronaut", "level": level, "row": row, "column": column}
    crops, told = ask(f"{PATH}/window", **place)
    assert {name: crop.shape[0] for name, crop in crops.items()} == {
        "p_crop": 12, "r_crop": 24, "o_crop": 48,
    }  # fmt: skip
    assert told["found"] == about["furthest"]
    assert told["score"] == pytest.approx(arrays["scores"][about["furthest"]])
    shown = arrays["o_windows"][arrays["o_shown"]].tolist().index(about["furthest"])
    assert np.array_equal(crops["o_crop"], arrays["o_crops"][shown])
    levels, _ = ask(f"{PATH}/levels", picture="astronaut")
    expected = levels[f"picture_{level}"][2 * row : 2 * row + 12, 2 * column : 2 * column + 12]
    assert np.array_equal(crops["p_crop"], expected)
    refused, told = ask(f"{PATH}/window", **place, rnet=1)
    assert set(refused) == {"p_crop", "r_crop"}
    refused, told = ask(f"{PATH}/window", **place, pnet=1)
    assert set(refused) == {"p_crop"}
    assert told["found"] is None


@pytest.mark.parametrize(("size", "face"), [((11, 300), 20), ((60, 90), 240), ((1, 1), 12)])
def test_where_no_window_fits_there_are_no_levels(ask: Ask, size: tuple, face: int) -> None:
    token = picture_store().put(np.full((*size, 3), 90, np.uint8))
    arrays, about = ask(PATH, picture=token, min_face=face)
    assert about["levels"] == []
    assert about["counts"] == [0] * 8
    assert about["furthest"] is None
    assert about["limits"]["min_face"]["high"] <= max(12, *size)
    assert arrays["cells"].shape == (0, 3)
    assert arrays["face_boxes"].shape == (0, 4)
    assert ask(f"{PATH}/levels", picture=token, min_face=face)[1]["levels"] == []


def test_faces_too_small_for_a_large_picture_are_enlarged(ask: Ask) -> None:
    token = picture_store().put(np.zeros((1200, 2000, 3), np.uint8))
    _, about = ask(PATH, picture=token, min_face=12)
    assert about["min_face"] == about["limits"]["min_face"]["low"] == 24
    assert np.prod(about["levels"][0]["size"]) < 610_000
    assert about["counts"][1:] == [0] * 7


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("", {"pnet": "0.39"}),
        ("", {"rnet": "nan"}),
        ("", {"onet": "1.1"}),
        ("", {"min_face": "11"}),
        ("", {"min_face": "20.5"}),
        ("", {"factor": "0.95"}),
        ("", {"picture": "nobody"}),
        ("/levels", {"factor": "inf"}),
        ("/window", {"level": "1", "row": "0"}),
        ("/window", {"level": "99", "row": "0", "column": "0"}),
        ("/window", {"level": "0", "row": "0", "column": "9999"}),
        ("/window", {"level": "0", "row": "-1", "column": "0"}),
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, path: str, wrong: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/{PATH}{path}", params={"picture": "chelsea", **wrong})
    while answer.status_code == 202:
        answer = api.get(f"/api/v1/{PATH}{path}", params={"picture": "chelsea", **wrong})
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
