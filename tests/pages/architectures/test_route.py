"""What the page Architectures is told."""

from collections.abc import Callable

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.nets.architectures import list_architectures
from engine.nets.pace import Pace
from engine.serving.architectures import charted
from engine.serving.vanishing_gradients.compute import settings_of, study
from engine.serving.vanishing_gradients.contract import Question as DepthQuestion

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH = "architectures"


def test_the_page_opens_with_the_paradox(ask: Ask) -> None:
    arrays, about = ask(PATH)
    first, second = about["nets"]
    assert (first["title"], second["title"]) == ("Inception v3", "Xception")
    assert second["totals"]["params"] < first["totals"]["params"]
    assert second["totals"]["macs"] > 1.4 * first["totals"]["macs"]
    assert about["pair"]["verdict"] == "paradox"
    assert about["pair"]["light"]["title"] == "Xception"
    for side, net in zip(("first", "second"), about["nets"], strict=True):
        assert arrays[side].sum() == pytest.approx(100)
        assert len(arrays[side]) == len(net["blocks"])
        assert 0 <= net["opened"] < len(net["blocks"])
        assert net["steps"][0]["kind"] == "input"
    assert about["nets"][1]["blocks"][about["nets"][1]["opened"]]["idea"] == "depthwise"


def test_how_far_in_opens_from_first_to_last(ask: Ask) -> None:
    for along, at in ((0, 0), (100, -1)):
        _, about = ask(PATH, first="vgg16", second="resnet18", along=along)
        for net in about["nets"]:
            assert net["opened"] == range(len(net["blocks"]))[at]
    vgg = about["pair"]["heavy"]
    assert vgg["dense_params_percent"] == pytest.approx(100 * 123_642_856 / 138_357_544)
    assert vgg["dense_macs_percent"] < 1
    assert vgg["dense_layers"] == 3


def test_published_figures_are_there_at_once(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/chart")
    assert len(arrays["x"]) == len(about["nets"]) == len(list_architectures())
    assert "unfinished" not in about
    at = next(i for i, net in enumerate(about["nets"]) if net["name"] == "resnet50")
    assert (arrays["x"][at], arrays["y"][at]) == (pytest.approx(4.089), pytest.approx(76.13))
    front = about["front"]
    assert np.all(np.diff(arrays["x"][front]) > 0)
    assert np.all(np.diff(arrays["y"][front]) > 0)
    for i in range(len(arrays["x"])):  # each is on the front, or another is as cheap and better
        cheaper = arrays["x"] <= arrays["x"][i]
        assert i in front or (arrays["y"][cheaper].max() >= arrays["y"][i])


def test_the_pick_is_the_cheapest_that_is_accurate_enough(ask: Ask) -> None:
    _, about = ask(f"{PATH}/chart", least=72)
    enough = [of for of in list_architectures() if of.acc1_percent >= 72]
    assert about["picks"]["macs"]["name"] == min(enough, key=lambda of: of.gmacs or 0).name
    assert about["picks"]["params"]["name"] == min(enough, key=lambda of: of.params or 0).name
    assert about["enough"] == len(enough)
    _, about = ask(f"{PATH}/chart", least=90)
    assert about["picks"]["macs"] is None
    assert about["enough"] == 0


def test_times_come_as_they_are_measured(
    ask: Ask, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def measure(name: str, device: object) -> Pace:
        asked.append(name)
        return Pace(float(len(asked)), 4.0 * len(asked))

    monkeypatch.setattr(charted, "measure_pace", measure)
    monkeypatch.setattr(charted, "_paces", type(charted._paces)(charted.KEPT))
    path = f"{PATH}/chart"
    while (found := ask(path, x="one_ms", y="acc1"))[1].get("unfinished"):
        pass
    arrays, about = found
    assert asked == list(charted.timed_names())
    assert len(arrays["x"]) == len(asked)
    assert (
        about["picks"]["one_ms"]["value"]
        == arrays["x"][[i for i, net in enumerate(about["nets"]) if net["is_enough"]]].min()
    )
    assert "vgg16" in asked
    assert "vit_h_14" not in asked


def test_a_network_is_really_timed() -> None:
    pace = charted._time("shufflenet_v2_x0_5")
    assert 0 < pace.one_ms < pace.batch_ms < 10_000


def test_skips_are_the_engine_of_vanishing_gradients(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/skips")
    for name, skip in (("plain", False), ("skipping", True)):
        settings = DepthQuestion(depth=30, activation="relu", skip=skip)
        np.testing.assert_allclose(arrays[name], study(settings_of(settings)).norms, rtol=1e-4)
    assert about["verdicts"] == {"plain": "vanishes", "skipping": "holds"}


@pytest.mark.parametrize("values", [{"first": "resnet19"}, {"first": "../x"}, {"along": 101}])
def test_what_is_not_there_is_a_sentence(api: TestClient, values: dict) -> None:
    answer = api.get(f"/api/v1/{PATH}", params=values)
    assert answer.status_code in (404, 422)
    assert len(answer.json()["detail"]) > 20
