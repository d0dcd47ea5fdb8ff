"""What the feature-maps stage is told, against torchvision's own feature extraction."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torchvision import models
from torchvision.models import MobileNet_V2_Weights, MobileNetV2
from torchvision.models.feature_extraction import create_feature_extractor

from engine.cache import Cache
from engine.nets.residence import Residence, residence
from engine.pictures import SAMPLE_NAMES, sample
from engine.serving import readings as reading
from engine.serving.layer_maps import tiles

NODES = {1: "features.0", 4: "features.3", 12: "features.11", 19: "features.18"}


def prepared(name: str) -> torch.Tensor:
    picture = torch.tensor(sample(name).pixels).permute(2, 0, 1)
    return MobileNet_V2_Weights.IMAGENET1K_V1.transforms()(picture)[None]


@pytest.fixture(scope="module")
def model() -> MobileNetV2:
    copy = residence().private_copy("mobilenet_v2").cpu()
    assert isinstance(copy, MobileNetV2)
    return copy


@pytest.fixture(scope="module")
def extracted(model: MobileNetV2) -> Callable[[str], dict[str, torch.Tensor]]:
    """torchvision's maps for a sample, by block."""
    extractor = create_feature_extractor(model, {name: name for name in NODES.values()}).eval()

    def extract(picture: str) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            return {name: maps[0] for name, maps in extractor(prepared(picture)).items()}

    return extract


@pytest.mark.parametrize("layer", NODES)
def test_maps_are_those_of_torchvision(ask: Callable, extracted: Callable, layer: int) -> None:
    arrays, about = ask("feature-maps", picture="coffee", layer=layer)
    maps = extracted("coffee")[NODES[layer]].numpy()
    assert about["name"] == NODES[layer]
    assert (about["channels"], *about["size"]) == maps.shape
    assert about["bytes"] == maps.nbytes
    sizes = np.abs(maps.astype(np.float64))
    mean = sizes.mean(axis=(1, 2))
    dispersion = sizes.var(axis=(1, 2)) / np.where(mean > 0, mean, 1)
    assert about["channel"] == dispersion.argmax() == about["picked"][0]
    assert about["selectivity"] == pytest.approx(dispersion.max(), rel=1e-3)
    assert about["strength"] == pytest.approx(sizes[about["channel"]].mean(), rel=1e-3)
    np.testing.assert_allclose(arrays["map"], maps[about["channel"]], rtol=1e-3, atol=1e-4)
    assert np.all(np.diff(dispersion[about["picked"]]) <= 1e-4)


@pytest.mark.parametrize("picture", ["chelsea", "coffee", "camera"])
def test_first_edges_open_on_a_map_that_is_not_flat(ask: Callable, picture: str) -> None:
    arrays, about = ask("feature-maps", picture=picture, layer=1)
    values = np.abs(arrays["map"])
    assert values.std() > values.mean()  # the strongest map of the layer has a third of that
    assert about["level"] == "low"


def test_levels_follow_what_a_cell_sees(ask: Callable) -> None:
    _, about = ask("feature-maps/overview", picture="coffee")
    levels = [stage["level"] for stage in about["stages"]]
    assert sorted(levels, key=["low", "middle", "high"].index) == levels
    assert set(levels) == {"low", "middle", "high"}
    for stage in about["stages"]:
        seen = max(stage["field_px"]) / 224
        wanted = "low" if seen <= 1 / 6 else "middle" if seen < 1 else "high"
        assert stage["level"] == wanted


@pytest.mark.parametrize("scope", ["local", "layer", "global"])
def test_tiles_stand_for_values_in_their_range(
    ask: Callable, extracted: Callable, scope: str
) -> None:
    arrays, about = ask("feature-maps", picture="coffee", layer=12, scope=scope)
    maps = extracted("coffee")["features.11"].numpy()[about["picked"]]
    ranges = np.array(about["ranges"], np.float32)
    low, high = ranges[:, 0, None, None], ranges[:, 1, None, None]
    assert len(np.unique(ranges, axis=0)) == (48 if scope == "local" else 1)
    assert ranges[:, 0].min() <= maps.min() + 1e-4  # cores add up in different orders
    assert maps.max() - 1e-4 <= ranges[:, 1].max()
    np.testing.assert_allclose(
        arrays["tiles"] / 255 * (high - low) + low, maps, atol=high.max() / 120
    )


def test_pages_of_the_gallery_cover_every_channel_once(ask: Callable) -> None:
    seen = []
    for part in range(1, 8):
        _, about = ask("feature-maps", layer=18, part=part)
        assert about["parts"] == 7
        seen += about["picked"]
    assert sorted(seen) == list(range(320))
    assert ask("feature-maps", layer=18, part=99)[1]["part"] == 7


def test_a_chosen_channel_is_shown_only_in_its_own_layer(ask: Callable) -> None:
    _, chosen = ask("feature-maps", layer=5, channel="mobilenet_v2:5:31")
    assert chosen["channel"] == 31
    _, elsewhere = ask("feature-maps", layer=6, channel="mobilenet_v2:5:31")
    assert (elsewhere["channel"], elsewhere["rank"]) == (elsewhere["picked"][0], 1)


def test_the_field_of_a_cell_is_where_the_picture_matters(
    ask: Callable, model: MobileNetV2
) -> None:
    arrays, about = ask("feature-maps", picture="coffee", layer=5)
    x = prepared("coffee").requires_grad_()
    model.features[:5](x)[0, 3, 14, 9].backward()
    assert x.grad is not None
    rows, cols = (x.grad[0].abs().sum(dim=(0, axis)).nonzero()[:, 0] for axis in (2, 1))
    assert arrays["rows"][14].tolist() == [rows.min(), rows.max() + 1]
    assert arrays["cols"][9].tolist() == [cols.min(), cols.max() + 1]
    assert about["whole"] is None


def test_the_overview_has_a_face_for_every_stage(ask: Callable, extracted: Callable) -> None:
    arrays, about = ask("feature-maps/overview", picture="coffee")
    assert [stage["name"] for stage in about["stages"]] == [f"features.{i}" for i in range(19)]
    last = about["stages"][-1]
    maps = extracted("coffee")["features.18"]
    face = torch.tensor(arrays["face_19"]) / 255 * last["high"]
    assert torch.allclose(face, maps[last["channel"]], atol=last["high"] / 250)
    assert arrays["view"].shape == (224, 224, 3)
    assert last["params"] == 2_223_872  # what torchvision publishes, less its classifier


def test_large_maps_are_averaged_into_tiles() -> None:
    maps = torch.arange(100.0).reshape(1, 10, 10)
    found = tiles(maps, torch.tensor([[0.0, 255.0]]), side=5)
    assert found.shape == (1, 5, 5)
    assert found[0, 0, 0] == round((0 + 1 + 10 + 11) / 4)


def test_a_silent_map_is_all_low() -> None:
    assert not tiles(torch.zeros(2, 3, 3), torch.zeros(2, 2)).any()


def test_patches_hold_the_highest_values_of_all_samples(ask: Callable, model: MobileNetV2) -> None:
    arrays, about = ask("feature-maps/patches", layer=5, channel=5)
    with torch.no_grad():
        maps = [model.features[:5](prepared(name))[0, 5] for name in SAMPLE_NAMES]
    first = about["patches"][0]
    highest = [values.max().item() for values in maps]
    assert first["picture"] == int(np.argmax(highest))
    assert first["value"] == pytest.approx(max(highest), rel=1e-3)
    assert len(about["patches"]) == 9
    left, top, right, bottom = first["box"]
    view = ask("feature-maps/overview", picture=SAMPLE_NAMES[first["picture"]])[0]["view"]
    assert np.array_equal(arrays["patch_1"], view[top:bottom, left:right])


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "7"},
        {"channel": "mobilenet_v2:4:24", "layer": 4},
        {"model": "nonesuch"},
        {"picture": "nonesuch"},
    ],
)
def test_wrong_values_get_one_sentence(api, wrong: dict[str, object]) -> None:
    answer = api.get("/api/v1/feature-maps", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".") or "accepted" in answer.json()["detail"]


@pytest.mark.parametrize("wrong", [{"layer": 5}, {"layer": 5, "channel": 32}, {"channel": 1}])
def test_wrong_patches_get_one_sentence(api, wrong: dict[str, object]) -> None:
    answer = api.get("/api/v1/feature-maps/patches", params=wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.fixture
def random_weights(monkeypatch: pytest.MonkeyPatch) -> Residence:
    """Every network is at hand, with weights drawn at random."""

    def draw(name: str) -> torch.nn.Module:
        torch.manual_seed(0)
        return models.get_model(name).eval()

    house = Residence(draw)
    monkeypatch.setattr("engine.nets.residence.residence", lambda: house)
    monkeypatch.setattr(reading, "_readings", Cache(1))
    return house


@pytest.mark.parametrize(
    ("name", "turned", "whole"), [("mobilenet_v3_small", False, True), ("swin_t", True, False)]
)
def test_other_networks_say_what_their_cells_see(
    ask: Callable, random_weights: Residence, name: str, turned: bool, whole: bool
) -> None:
    arrays, about = ask("feature-maps", picture="coffee", model=name, layer=2)
    net = random_weights.private_copy(name)
    with torch.no_grad():
        x = reading.read_picture(sample("coffee"), name).x
        maps = create_feature_extractor(net, {about["name"]: "map"})(x)["map"][0]
    if turned:
        maps = maps.permute(2, 0, 1)
    assert (about["channels"], *about["size"]) == tuple(maps.shape)
    np.testing.assert_allclose(arrays["map"], maps[about["channel"]].numpy(), rtol=1e-3, atol=1e-4)
    assert bool(about["whole"]) is whole
    spans = np.concatenate([arrays["rows"], arrays["cols"]])
    assert bool((spans == [0, x.shape[3]]).all()) is whole
