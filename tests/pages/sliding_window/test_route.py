"""What the Sliding window page's stage is told, against Pillow's crops and nets run by hand."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage
from starlette.testclient import TestClient
from torchvision.models import MobileNet_V2_Weights
from torchvision.ops import box_iou, nms

from engine.data.painting import SceneSettings
from engine.data.scenes import draw_scene
from engine.data.shapes import SHAPES
from engine.detection.window_classifiers import find_window_classifier
from engine.pictures import picture_store, resolve
from engine.serving import sweeps as sweeping
from engine.serving.window_targets import SMALLEST_PERCENT

PATH = "sliding-window"
DRAWN = {"picture": "chelsea", "target": "square", "window": 40}
PHOTO = {"picture": "chelsea", "target": "cat", "window": 60}


def by_hand(
    net: torch.nn.Module, pixels: np.ndarray, size: Sequence[int], side: int, step: int
) -> torch.Tensor:
    """Probabilities (rows, columns, classes) of every crop of a picture that Pillow has scaled."""
    colours = [Image.fromarray(pixels[..., c].astype(np.float32)) for c in range(3)]
    to, how = (size[1], size[0]), Image.Resampling.BILINEAR
    x = torch.stack([torch.tensor(np.asarray(each.resize(to, how))) for each in colours]) / 255
    rows = []
    with torch.no_grad():
        for top in range(0, size[0] - side + 1, step):
            lefts = range(0, size[1] - side + 1, step)
            crops = torch.stack([x[:, top : top + side, left : left + side] for left in lefts])
            rows.append(net(crops).softmax(dim=1))
    return torch.stack(rows)


def normalised(
    net: torch.nn.Module, mean: Sequence[float], std: Sequence[float]
) -> torch.nn.Module:
    class Normalised(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return net((x - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1))

    return Normalised()


def test_a_photo_is_asked_window_by_window(ask: Callable) -> None:
    arrays, about = ask(PATH, **PHOTO, stride=1)
    pixels = resolve("chelsea").pixels
    preset = MobileNet_V2_Weights.IMAGENET1K_V1.transforms()
    net = normalised(find_window_classifier("imagenet").net.cpu(), preset.mean, preset.std)
    size = [round(side * 96 / 180) for side in pixels.shape[:2]]
    probs = by_hand(net, pixels, size, side=96, step=16)
    expected = probs[..., 281:286].sum(dim=2)  # tabby, tiger, Persian, Siamese, Egyptian
    np.testing.assert_allclose(arrays["heat"], expected, atol=1e-3)
    np.testing.assert_array_equal(arrays["heat"], arrays["dense"])
    assert about["counts"] == about["sizes"] == [expected.numel()]
    np.testing.assert_allclose(about["window_px"], 180, rtol=0.01)


@pytest.mark.parametrize("stride", [1, 2, 3, 8])
def test_a_coarser_stride_is_a_sample_of_the_finest_grid(ask: Callable, stride: int) -> None:
    arrays, about = ask(PATH, **DRAWN, stride=stride)
    np.testing.assert_array_equal(arrays["heat"], arrays["dense"][::stride, ::stride])
    assert about["counts"] == [arrays["heat"].size]
    assert about["sizes"] == [arrays["dense"].size]


def test_the_scene_is_the_engines_and_its_net_finds_what_is_there(ask: Callable) -> None:
    settings = SceneSettings(
        size=(320, 480), objects=(5, 5), sizes_px=(60, 100), hidden_share=0, difficulty=0.1
    )
    scene = draw_scene(sweeping.SCENE_SEED, 0, settings)
    for name in SHAPES:
        arrays, about = ask(PATH, **DRAWN | {"target": name}, stride=1, shown="windows")
        found = find_window_classifier("shapes")
        net = normalised(found.net, found.mean.tolist(), found.std.tolist())
        size = [round(side * 32 / 128) for side in scene.pixels.shape[:2]]
        probs = by_hand(net, scene.pixels, size, side=32, step=4)
        expected = probs[..., found.classes.index(name)]
        np.testing.assert_allclose(arrays["dense"], expected, atol=1e-3)
        assert about["accuracy"] == found.accuracy
        boxes = arrays["boxes"]
        for label, (x1, y1, x2, y2) in zip(scene.labels, scene.boxes, strict=True):
            x, y = (x1 + x2) / 2, (y1 + y2) / 2
            inside = (boxes[:, :2] <= [x, y]).all(axis=1) & (boxes[:, 2:] >= [x, y]).all(axis=1)
            if SHAPES[label] == name:
                assert inside.any(), (name, x, y)


def test_boxes_are_scipys_areas_or_the_windows_that_torchvision_keeps(ask: Callable) -> None:
    areas, _ = ask(PATH, **DRAWN, stride=1, threshold=70)
    labels = np.zeros(areas["heat"].shape, np.int32)
    ndimage.label(areas["heat"] >= 0.7, np.ones((3, 3)), output=labels)
    assert len(areas["boxes"]) == len(areas["scores"]) == labels.max() > 0
    windows, about = ask(PATH, **DRAWN, stride=1, threshold=70, shown="windows")
    rows, columns = np.nonzero(windows["heat"] >= 0.7)
    step, side = np.array(about["finest_px"]), np.array(about["window_px"])
    corner = np.stack([columns * step[1], rows * step[0]], axis=1)
    every = np.hstack([corner, corner + side[::-1]]).astype(np.float32)
    scores = windows["heat"][rows, columns]
    kept = nms(torch.tensor(every), torch.tensor(scores), 0.3).numpy()
    np.testing.assert_allclose(windows["boxes"], every[kept], rtol=1e-4)
    np.testing.assert_array_equal(windows["scores"], scores[kept])


def test_more_sizes_are_swept_as_long_as_they_fit(ask: Callable) -> None:
    _, one = ask(PATH, **DRAWN)
    _, three = ask(PATH, **DRAWN, scales=3)
    assert three["counts"][0] == one["counts"][0]
    assert len(three["counts"]) == 3
    assert three["counts"] == sorted(three["counts"], reverse=True)
    _, fitting = ask(PATH, **DRAWN | {"window": 90}, scales=3)
    assert len(fitting["counts"]) == 1


def test_the_picture_names_its_own_target(ask: Callable) -> None:
    _, about = ask(PATH, **PHOTO | {"target": "guess"})
    assert about["name"] == "cat"


def test_a_crop_is_what_the_net_was_shown_and_its_classes_are_the_nets(ask: Callable) -> None:
    arrays, about = ask(f"{PATH}/crop", **DRAWN, row=4, column=7)
    whole, facts = ask(PATH, **DRAWN, stride=1)
    assert about["prob"] == pytest.approx(whole["dense"][4, 7])
    down, across = facts["window_px"]
    x, y = 7 * facts["finest_px"][1], 4 * facts["finest_px"][0]
    pixels = sweeping.find_scanned("chelsea", "square").pixels
    cut = Image.fromarray(pixels).resize(
        (32, 32), Image.Resampling.BILINEAR, box=(x, y, x + across, y + down)
    )
    inner = slice(2, -2)  # a crop's own edge is smoothed without its neighbours
    apart = np.abs(arrays["crop"].astype(int) - np.asarray(cut, int))[inner, inner]
    assert apart.mean() < 3
    net = find_window_classifier("shapes")
    shown = torch.tensor(arrays["crop"]).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        probs = net.net((shown - net.mean.view(3, 1, 1)) / net.std.view(3, 1, 1)).softmax(dim=1)[0]
    told = {label["name"]: label["prob"] for label in about["top"]}
    for name, prob in zip(net.classes, probs.tolist(), strict=True):
        assert told[name] == pytest.approx(prob, abs=0.05)


def test_both_ways_of_sweeping_are_timed(ask: Callable) -> None:
    _, whole = ask(PATH, **DRAWN, stride=2)
    _, about = ask(f"{PATH}/cost", **DRAWN, stride=2)
    for way in ("single", "batched"):
        assert 0 < about[way]["windows"] <= whole["counts"][0]
        assert about[way]["ms"] > 0
    assert about["single"]["windows"] == whole["counts"][0]  # a small net: well within two seconds


def test_the_face_net_has_a_window_on_the_astronauts_face(ask: Callable) -> None:
    face = {"picture": "astronaut", "target": "face", "window": 20}
    arrays, about = ask(PATH, **face, stride=1, threshold=99, shown="windows")
    assert (about["name"], about["classifier"]) == ("face", "faces")
    mtcnn = torch.tensor([[181.05, 62.16, 267.75, 172.05]])
    assert box_iou(torch.tensor(arrays["boxes"]), mtcnn).max() > 0.4
    crop, told = ask(f"{PATH}/crop", **face, row=2, column=3)
    assert crop["crop"].shape == (25, 25, 3)
    assert {label["name"] for label in told["top"]} == {"face", "no face"}


def test_any_class_is_looked_up_by_its_index(ask: Callable) -> None:
    _, about = ask(f"{PATH}/classes")
    assert about["classes"] == MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]
    group, _ = ask(PATH, **PHOTO, stride=1)
    heats = []
    for index in range(281, 286):  # the five that "cat" adds up
        arrays, told = ask(PATH, **PHOTO | {"target": "class"}, class_index=index, stride=1)
        assert told["name"] == about["classes"][index]
        heats.append(arrays["heat"])
    np.testing.assert_allclose(sum(heats), group["heat"], atol=1e-5)
    one = {"target": "class", "class_index": 285, "row": 1, "column": 2}
    _, crop = ask(f"{PATH}/crop", **PHOTO | one)
    assert crop["name"] == "Egyptian cat"
    assert crop["prob"] == pytest.approx(heats[-1][1, 2].item())


WRONG = ["window=19", "window=101", "stride=0", "stride=9", "target=unicorn", "picture=gone"]


WRONG_CLASS = ["class_index=1000", "class_index=-1", "class_index=cat"]
WRONG_VALUES = [*WRONG, *WRONG_CLASS, "threshold=19", "threshold=x", "shown=all", "scales=4"]


@pytest.mark.parametrize("wrong", WRONG_VALUES)
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}?picture=chelsea&{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


WRONG_PARTS = [("cost", wrong) for wrong in WRONG] + [
    ("crop", wrong)
    for wrong in ["row=-1", "column=-1", "row=x", "window=101", "target=0", *WRONG_CLASS]
]


@pytest.mark.parametrize(("part", "wrong"), WRONG_PARTS)
def test_wrong_values_of_the_parts_get_a_sentence(api: TestClient, part: str, wrong: str) -> None:
    there = "row=0&column=0" if "row" not in wrong and "column" not in wrong else "column=0"
    answer = api.get(f"/api/v1/{PATH}/{part}?picture=chelsea&{there}&{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


def test_a_window_that_is_not_there_gets_a_sentence(api: TestClient, ask: Callable) -> None:
    _, about = ask(PATH, **DRAWN)
    query = f"picture=chelsea&target=square&window=40&row={about['sizes'][0]}&column=0"
    answer = api.get(f"/api/v1/{PATH}/crop?{query}")
    assert answer.status_code == 422


def test_too_small_a_window_is_enlarged_to_the_least_that_is_offered(ask: Callable) -> None:
    _, small = ask(PATH, **DRAWN | {"window": SMALLEST_PERCENT})
    low = small["limits"]["window"]["low"]
    assert low > SMALLEST_PERCENT
    _, least = ask(PATH, **DRAWN | {"window": low})
    assert small == least
    assert small["sizes"][0] <= sweeping.MOST_WINDOWS


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (12, 1), (5, 60)])
def test_odd_pictures_are_swept(ask: Callable, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    arrays, about = ask(PATH, picture=picture_store().put(pixels), window=90)
    assert 1 <= about["sizes"][0] <= sweeping.MOST_WINDOWS
    assert all(np.isfinite(array).all() for array in arrays.values())


@pytest.mark.parametrize("size", [(1, 13), (2048, 1)])
@pytest.mark.parametrize("part", ["", "/cost", "/crop"])
def test_pictures_too_thin_get_a_sentence(
    api: TestClient, size: tuple[int, int], part: str
) -> None:
    ref = picture_store().put(np.zeros((*size, 3), np.uint8))
    answer = api.get(f"/api/v1/{PATH}{part}?picture={ref}&window=100&row=0&column=0")
    assert answer.status_code == 422
    assert "12 times" in answer.json()["detail"]
