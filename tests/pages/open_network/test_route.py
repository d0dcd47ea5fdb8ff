"""What the stage of an opened network is told: against the run's own network, and wrong values."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.runs.folder import Run, create_run
from engine.runs.opening import open_net
from engine.runs.own_data import load_for_run
from engine.runs.recording import record
from engine.serving.training import readers, workers
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

CPU = torch.device("cpu")


def make_run(root: Path, net: str, epochs: int, **changes: object) -> Run:
    chosen = replace(net_defaults(net), **changes)  # pyright: ignore[reportArgumentType]
    settings = RunSettings(
        data=DataSettings("digits", per_class=10, validation_share=0.1),
        net=chosen,
        train=TrainSettings(epochs=epochs, learning_rate=0.01),
    )
    return create_run(settings, root)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def lenet(root: Path) -> Run:
    """Two epochs of a LeNet on digits."""
    run = make_run(root, "lenet", 2)
    record(run.folder, CPU)
    return run


@pytest.fixture(autouse=True)
def here(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The API's runs are this module's, whatever other modules have asked of it."""
    monkeypatch.setenv("FOVEA_RUNS", str(root))
    for each in (workers, readers):
        each.cache_clear()
    yield
    for each in (workers, readers):
        each.cache_clear()


def layer_of(about: dict, kind: str, nth: int = 0) -> dict:
    return [layer for layer in about["layers"] if layer["kind"] == kind][nth]


def maps_of(arrays: dict[str, np.ndarray], layer: dict) -> np.ndarray:
    """The tiles of a layer as numbers again."""
    shape = (layer["count"], *layer["tile"])
    tiles = arrays["tiles"][layer["tiles_at"] :][: int(np.prod(shape))].reshape(shape)
    ranges = arrays["ranges"][layer["ranges_at"] :][: 2 * layer["count"]].reshape(-1, 2)
    low, high = ranges[:, 0, None, None], ranges[:, 1, None, None]
    return low + tiles / 255 * (high - low)


@pytest.mark.parametrize(("epoch", "index"), [(0, 0), (1, 7), (2, 7), (99, 5)])
def test_maps_and_shares_are_those_of_the_run(
    ask: Callable, lenet: Run, epoch: int, index: int
) -> None:
    arrays, about = ask("open-network", run=lenet.name, epoch=epoch, index=index)
    assert about["epoch"] == min(epoch, 2)
    opened = open_net(lenet.folder, min(epoch, 2))
    data = load_for_run(lenet.folder, lenet.settings)
    x = opened.prepare(data.validation_images[index : index + 1])
    with torch.no_grad():
        logits = opened.net(x)[0]
        first = opened.net.get_submodule("features.0")(x)[0].numpy()
    np.testing.assert_allclose(arrays["probs"], logits.softmax(0), rtol=1e-5)
    assert about["predicted"] == int(logits.argmax())
    assert about["target"] == int(data.validation_targets[index])
    layer = layer_of(about, "conv")
    step = (first.max(axis=(1, 2)) - first.min(axis=(1, 2))) / 255
    shown = maps_of(arrays, layer)
    assert (np.abs(shown - first).max(axis=(1, 2)) <= 0.51 * step + 1e-6).all()
    assert (layer["low"], layer["high"]) == pytest.approx((first.min(), first.max()), rel=1e-5)


def test_links_are_those_of_the_kernels(ask: Callable, lenet: Run) -> None:
    arrays, about = ask("open-network", run=lenet.name)
    layer = layer_of(about, "conv", 1)
    at = layer["links_at"][str(layer["sources"][0])]
    links = arrays["links"][at : at + 16 * 6].reshape(16, 6).astype(float) / 127
    weight = open_net(lenet.folder).net.get_submodule("features.3").weight.detach()  # pyright: ignore
    norms = weight.flatten(2).norm(dim=2)
    wanted = torch.where(weight.sum((2, 3)) < 0, -norms, norms) / norms.max()
    np.testing.assert_allclose(links, wanted, atol=0.5 / 127 + 1e-6)


def test_the_picture_and_its_range(ask: Callable, lenet: Run) -> None:
    arrays, about = ask("open-network", run=lenet.name, index=3)
    data = load_for_run(lenet.folder, lenet.settings)
    grey = data.validation_images[3, 0].numpy()
    np.testing.assert_array_equal(arrays["picture"], np.stack([grey] * 3, axis=2))
    layer = layer_of(about, "input")
    low, high = arrays["ranges"][layer["ranges_at"] :][:2]
    assert low == pytest.approx(float(-data.mean[0] / data.std[0]), rel=1e-5)
    assert high == pytest.approx(float((1 - data.mean[0]) / data.std[0]), rel=1e-5)
    assert about["limits"] == {
        "epoch": {"low": 0, "high": 2},
        "index": {"high": len(data.validation_images) - 1},
    }


def test_a_picture_of_ones_own_is_cropped_and_scaled(ask: Callable, lenet: Run) -> None:
    arrays, about = ask("open-network", run=lenet.name, source="own", picture="coffee")
    assert arrays["picture"].shape == (8, 8, 3)
    assert about["target"] is None
    assert about["limits"]["index"] == {"disabled": True}
    other, _ = ask("open-network", run=lenet.name, source="own", picture="chelsea")
    assert not np.array_equal(arrays["picture"], other["picture"])


def test_a_run_on_shuffled_pixels_shuffles_ones_own_picture_too(ask: Callable, root: Path) -> None:
    plain = make_run(root, "softmax", 1)
    settings = replace(plain.settings, data=replace(plain.settings.data, pixel_shuffle=True))
    shuffled = create_run(settings, root)
    for run in (plain, shuffled):
        record(run.folder, CPU)
    as_it_is, _ = ask("open-network", run=plain.name, source="own")
    moved, _ = ask("open-network", run=shuffled.name, source="own")
    assert not np.array_equal(as_it_is["picture"], moved["picture"])
    assert sorted(as_it_is["picture"].ravel()) == sorted(moved["picture"].ravel())


@pytest.mark.parametrize("place", [(0, 0, 0), (5, 3, 7)])
def test_a_number_is_told_with_what_adds_up_to_it(
    ask: Callable, lenet: Run, place: tuple[int, int, int]
) -> None:
    channel, row, col = place
    arrays, about = ask(
        "open-network/number", run=lenet.name, layer=1, channel=channel, row=row, col=col
    )
    (account,) = about["accounts"]
    assert account["kind"] == "convsum"
    total = arrays["products"].sum() + account["bias"]
    assert total == pytest.approx(account["value"], abs=1e-5)
    np.testing.assert_allclose(arrays["patch"] * arrays["kernel"], arrays["products"], rtol=1e-5)


def test_every_kind_of_number_can_be_told(ask: Callable, lenet: Run) -> None:
    _, about = ask("open-network", run=lenet.name)
    kinds = {}
    for layer in about["layers"]:
        _, told = ask("open-network/number", run=lenet.name, layer=layer["number"])
        kinds[layer["kind"]] = told["accounts"][-1]["kind"]
    assert kinds == {
        "input": "pixel",
        "conv": "convsum",
        "activation": "activated",
        "pool": "pooled",
        "linear": "linearsum",
        "softmax": "share",
    }


def test_a_long_net_comes_in_parts(ask: Callable, root: Path) -> None:
    run = make_run(root, "mlp", 1, depth=20, width=130)
    record(run.folder, CPU)
    arrays, first = ask("open-network", run=run.name)
    assert len(first["parts"]) > 1
    assert arrays["faces"].size == sum(np.prod(part["tile"]) for part in first["parts"])
    layer = layer_of(first, "linear")
    assert (layer["count"], len(layer["picked"]), layer["shape"]) == (128, 128, [130])
    values = arrays["ranges"][layer["ranges_at"] :][: 2 * 128 : 2]
    assert list(np.abs(values)) == sorted(np.abs(values), reverse=True)  # the strongest first
    _, last = ask("open-network", run=run.name, part=999)
    assert last["part"] == len(last["parts"])
    assert last["layers"][0]["feeds_only"]
    assert last["layers"][-1]["kind"] == "softmax"
    _, told = ask("open-network/number", run=run.name, part=999, layer=last["layers"][1]["number"])
    assert told["accounts"][0]["kind"] in ("linearsum", "activated")


def test_a_run_made_anew_under_the_same_name_is_not_taken_for_the_old(
    api: TestClient, lenet: Run
) -> None:
    created = round(lenet.created * 1000)
    same = api.get(f"/api/v1/open-network?run={lenet.name}&created={created}")
    other = api.get(f"/api/v1/open-network?run={lenet.name}&created={created + 1}")
    assert (same.status_code, other.status_code) == (200, 404)


def test_watching_tells_the_last_epoch(ask: Callable, lenet: Run) -> None:
    _, about = ask("open-network/epochs", run=lenet.name)
    assert about == {"last": 2, "going": False}


def test_a_run_that_waits_says_so(api: TestClient, root: Path) -> None:
    from engine.runs.state import QUEUE_FILE

    run = make_run(root, "lenet", 1)
    assert api.get(f"/api/v1/open-network?run={run.name}").status_code == 404
    (run.folder / QUEUE_FILE).write_text('{"time": 1}')
    answer = api.get(f"/api/v1/open-network?run={run.name}")
    assert answer.status_code == 404
    assert "not begun" in answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        "run=nonesuch",
        "run=../../etc",
        "",
        "run={run}&epoch=-1",
        "run={run}&epoch=x",
        "run={run}&index=-1",
        "run={run}&source=mine",
        "run={run}&source=own&picture=nobody",
        "run={run}&part=0",
        "run={run}&created=-1",
    ],
)
@pytest.mark.parametrize("path", ["", "/number"])
def test_wrong_values_get_a_sentence(api: TestClient, lenet: Run, path: str, wrong: str) -> None:
    query = wrong.format(run=lenet.name) + ("&layer=1" if path else "")
    answer = api.get(f"/api/v1/open-network{path}?{query}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    "wrong", ["layer=99", "layer=-1", "layer=x", "", "layer=1&channel=6", "layer=1&row=8"]
)
def test_wrong_places_get_a_sentence(api: TestClient, lenet: Run, wrong: str) -> None:
    answer = api.get(f"/api/v1/open-network/number?run={lenet.name}&{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
