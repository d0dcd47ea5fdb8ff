"""What the page Growing back is told, against nets run by hand and torch's own layers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.metrics import jaccard_score
from starlette.testclient import TestClient
from torch.nn import functional as F

from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
from engine.segment.learning import HELD_OUT_SEED
from engine.segment.panoptic_net import normalise
from engine.segment.targets import stack_pictures
from engine.segment.train_upsampling import EDGES_PX
from engine.segment.upsampling_net import DECODERS
from engine.serving.upsampling.compute import shipped

PATH = "upsampling"
SCENE = {"scene": 3, "things": 5, "difficulty": 0.4}


def test_all_decoders_answer_as_the_net_does(ask: Callable) -> None:
    arrays, about = ask(PATH, **SCENE)
    settings = PanopticSettings(things=(5, 5), overlap=0.3, difficulty=0.4)
    scene = draw_panoptic_scene(HELD_OUT_SEED, 2, settings)
    np.testing.assert_array_equal(arrays["pixels"], scene.pixels)
    np.testing.assert_array_equal(arrays["truth"], scene.semantic)
    assert about["decoders"] == list(DECODERS)
    with torch.inference_mode():
        logits = shipped().net(normalise(stack_pictures([scene])))
    for k, name in enumerate(DECODERS):
        said = logits[name][0].argmax(dim=0).numpy()
        assert (arrays["said"][k] == said).mean() > 0.999  # rounding may settle a tie otherwise
        iou = jaccard_score(
            arrays["truth"].ravel(), arrays["said"][k].ravel(), average="macro",
            labels=np.union1d(arrays["truth"], arrays["said"][k]),
        )  # fmt: skip
        assert about["mean_iou"][name] == pytest.approx(iou)


def test_tiles_are_channels_of_the_maps_from_full_size_down_and_back(ask: Callable) -> None:
    arrays, about = ask(PATH, **SCENE)
    batch = torch.tensor(arrays["pixels"]).permute(2, 0, 1)[None]
    with torch.inference_mode():
        maps = shipped().net.encode(normalise(batch)).maps
    for k, each in enumerate(maps):
        assert about["shapes"][f"encoder_{k}"] == list(each.shape[1:])
        tile = torch.tensor(arrays[f"encoder_{k}"])
        strongest = each[0].flatten(1).var(dim=1).argmax()
        torch.testing.assert_close(tile, each[0, strongest], atol=1e-4, rtol=1e-3)
    sizes = [arrays[f"unet_{i}"].shape[0] for i in range(6)]
    assert sizes == [3, 6, 12, 24, 48, 96]
    assert "fcn32_1" not in arrays
    assert "fcn8_2" in arrays
    row, column = about["focus"]
    window = arrays["said"][:, row - 12 : row + 12, column - 12 : column + 12]
    assert (window != window[0]).any()


def test_figures_by_distance_add_up_over_all_scenes(ask: Callable) -> None:
    arrays, about = ask(f"{PATH}/distance", things=5, difficulty=0.4)
    assert arrays["iou"].shape == arrays["right"].shape == (6, len(EDGES_PX) - 1)
    assert arrays["pixels"].sum() == about["scenes"] * 96 * 96
    one, _ = ask(PATH, **SCENE)
    assert (one["truth"] == one["said"][5]).mean() == pytest.approx(
        np.average(arrays["right"][5], weights=arrays["pixels"]), abs=0.1
    )
    coarse, unet = about["decoders"].index("fcn32"), about["decoders"].index("unet")
    apart = arrays["iou"][unet] - arrays["iou"][coarse]
    assert apart[0] > 0.1  # at boundaries the skips tell
    assert apart[0] > apart[-1]


@pytest.mark.parametrize(("kernel", "stride", "halving"), [(3, 2, 2), (4, 2, 1), (2, 3, 5)])
def test_layers_are_torchs(ask: Callable, kernel: int, stride: int, halving: int) -> None:
    arrays, about = ask(f"{PATH}/layers", **SCENE, kernel=kernel, stride=stride, halving=halving)
    before = torch.tensor(arrays["before"])[None, None]
    pooled, places = F.max_pool2d(before, 2, return_indices=True)
    np.testing.assert_array_equal(arrays["pooled"], pooled[0, 0])
    np.testing.assert_array_equal(arrays["unpooled"], F.max_unpool2d(pooled, places, [2, 2])[0, 0])
    side = before.shape[-1]
    quarter = 2 * (places // side % 2) + places % side % 2
    np.testing.assert_array_equal(arrays["places"], quarter[0, 0])
    weights = torch.full((1, 1, kernel, kernel), stride**2 / kernel**2)
    even = F.conv_transpose2d(pooled, weights, stride=stride)[0, 0]
    np.testing.assert_allclose(arrays["even"], even, rtol=1e-4, atol=1e-5)
    assert (about["unevenness"] < 1e-5) == (kernel % stride == 0)
    assert arrays["learnt_unet"].shape == arrays["before"].shape
    assert set(about["learnt"]) == {"transposed", "unpooling", "unet"}


@pytest.mark.parametrize(
    "wrong",
    ["?scene=0", "?things=13", "?difficulty=nan", "/distance?things=-1", "/distance?difficulty=2",
     "/layers?kernel=0", "/layers?kernel=9", "/layers?stride=5", "/layers?halving=6"],
)  # fmt: skip
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/{PATH}{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
