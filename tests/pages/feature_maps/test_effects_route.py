"""What the stages of surgery and pooling are told, against a copy run by hand, block by block."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torchvision.models import MobileNet_V2_Weights, MobileNetV2

from engine.nets.residence import residence
from engine.pictures import sample


@pytest.fixture(scope="module")
def model() -> MobileNetV2:
    copy = residence().private_copy("mobilenet_v2").cpu()
    assert isinstance(copy, MobileNetV2)
    return copy


def prepared(name: str) -> torch.Tensor:
    picture = torch.tensor(sample(name).pixels).permute(2, 0, 1)
    return MobileNet_V2_Weights.IMAGENET1K_V1.transforms()(picture)[None]


def run_operated(
    model: MobileNetV2, x: torch.Tensor, block: int, channels: list[int], factor: float
) -> tuple[list[torch.Tensor], torch.Tensor]:
    """The maps of all blocks and the probabilities, with a block's channels scaled by hand."""
    maps = []
    with torch.no_grad():
        y = x
        for number, layer in enumerate(model.features):
            y = layer(y)
            if number == block:
                y = y.clone()
                y[:, channels] *= factor
            maps.append(y[0].clone())
        probs = model.classifier(y.mean(dim=(2, 3))).softmax(dim=1)[0]
    return maps, probs


@pytest.mark.parametrize(("factor", "operated"), [(0, 1), (0, 16), (-2, 3), (1, 1)])
def test_surgery_is_the_network_with_scaled_channels(
    ask: Callable, model: MobileNetV2, factor: float, operated: int
) -> None:
    params = {"picture": "coffee", "layer": 5, "channel": "mobilenet_v2:5:6"}
    arrays, about = ask("feature-maps/surgery", factor=factor, operated=operated, **params)
    assert about["channels"][0] == 6
    assert len(set(about["channels"])) == operated
    x = prepared("coffee")
    before, probs_before = run_operated(model, x, 4, [], 1)
    after, probs_after = run_operated(model, x, 4, about["channels"], factor)
    best = probs_before.argsort(descending=True)[:5].tolist()
    told = [(label["before"], label["after"]) for label in about["labels"][:5]]
    wanted = [(probs_before[i].item(), probs_after[i].item()) for i in best]
    np.testing.assert_allclose(told, wanted, rtol=2e-3, atol=1e-5)
    for i, felt in enumerate(about["felt"], 1):
        old, new = before[felt["number"] - 1], after[felt["number"] - 1]
        change = (new - old).norm() / old.norm()
        assert felt["change"] == pytest.approx(change.item(), rel=1e-3, abs=1e-5)
        if factor != 1:
            shown = (arrays[f"difference_{i}"] / 255 * 2 - 1) * felt["reach"]
            wanted_map = (new - old)[felt["channel"]]
            np.testing.assert_allclose(shown, wanted_map.numpy(), atol=felt["reach"] / 100)
    assert about["felt"][-1]["name"] == "features.18"


def test_surgery_on_the_last_stage_is_felt_there_only(ask: Callable) -> None:
    _, about = ask("feature-maps/surgery", layer=19)
    assert [felt["name"] for felt in about["felt"]] == ["features.18"]


@pytest.mark.parametrize(("kind", "window"), [("max", 1), ("max", 2), ("avg", 3)])
def test_pooling_is_that_of_torch_on_a_picture_that_moved(
    ask: Callable, model: MobileNetV2, kind: str, window: int
) -> None:
    params = {"picture": "coffee", "layer": 2, "channel": "mobilenet_v2:2:5"}
    arrays, about = ask("feature-maps/pooling", kind=kind, window=window, shift=3, **params)
    x = prepared("coffee")
    moved = torch.cat([x[..., :1].expand(-1, -1, -1, 3), x[..., :-3]], dim=3)
    with torch.no_grad():
        still, after = (model.features[:2](each)[0, 5] for each in (x, moved))
    np.testing.assert_allclose(arrays["map_still"], still.numpy(), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(arrays["map_moved"], after.numpy(), rtol=1e-3, atol=1e-4)
    pool = F.max_pool2d if kind == "max" else F.avg_pool2d
    pooled = [pool(each[None], window)[0] for each in (still, after)]
    np.testing.assert_allclose(arrays["pooled_moved"], pooled[1].numpy(), rtol=1e-3, atol=1e-4)
    for name, (old, new) in {"unpooled": (still, after), "pooled": (pooled[0], pooled[1])}.items():
        change = (new - old).norm() / max(new.norm(), old.norm())
        assert arrays[name][0] == 0
        assert arrays[name][3] == pytest.approx(change.item(), rel=1e-3)
    assert about["px_per_cell"] == 2
    assert np.array_equal(arrays["view"][:, 3:], ask_view(ask)[:, :-3])


def ask_view(ask: Callable) -> np.ndarray:
    return ask("feature-maps/overview", picture="coffee")[0]["view"]


def test_a_window_never_outgrows_the_map(ask: Callable) -> None:
    arrays, about = ask("feature-maps/pooling", layer=19, window=8)
    assert about["limits"]["window"]["high"] == 7
    assert arrays["pooled_still"].shape == (1, 1)


@pytest.mark.parametrize("route", ["surgery", "pooling"])
def test_a_channel_that_there_is_not_gets_one_sentence(api, route: str) -> None:
    wrong = {"layer": 4, "channel": "mobilenet_v2:4:24"}
    answer = api.get(f"/api/v1/feature-maps/{route}", params=wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]
