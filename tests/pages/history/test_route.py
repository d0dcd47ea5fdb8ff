"""What the page History is told."""

from collections.abc import Callable

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.nets.architectures import Counts, count, find_architecture, list_architectures
from engine.serving.architectures import charted
from engine.serving.history.cost import extremes
from engine.serving.history.stations import THREADS, list_stations

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]


def test_all_stations_come_with_what_there_is_up_to_the_year(ask: Ask) -> None:
    arrays, about = ask("history", year=1986)
    stations = list_stations()
    assert arrays["years"].tolist() == [station.year for station in stations]
    assert [each["key"] for each in about["stations"]] == [station.key for station in stations]
    assert about["past"] == sum(station.year <= 1986 for station in stations)
    assert about["past"] == sum(about["by_thread"].values())
    assert about["all"] == len(stations)
    assert list(about["by_thread"]) == list(THREADS)
    _, about = ask("history", year=1943, thread="detection")
    assert (about["past"], about["newest"]) == (0, "")
    assert about["by_thread"] == {"detection": 0}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("history", {"year": 1942}),
        ("history", {"year": "nan"}),
        ("history", {"thread": "art"}),
        ("history", {"station": "../x"}),
        ("history/cost", {"until": 2009}),
        ("history/cost", {"cost": "watts"}),
    ],
)
def test_what_is_not_there_is_a_sentence(api: TestClient, path: str, values: dict) -> None:
    answer = api.get(f"/api/v1/{path}", params=values)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 20


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Five networks stand for all; each is counted for real."""
    names = ["alexnet", "googlenet", "squeezenet1_1", "resnet18", "mobilenet_v2"]
    monkeypatch.setattr(charted, "list_architectures", lambda: [*map(find_architecture, names)])
    monkeypatch.setattr(charted, "_counted", type(charted._counted)(charted.KEPT))
    return names


def test_networks_are_counted_while_somebody_asks(ask: Ask, few: list[str]) -> None:
    while (found := ask("history/cost", until=2018))[1].get("unfinished"):
        assert found[1]["done"] <= found[1]["total"] == len(few)
    arrays, about = found
    titles = [net["title"] for net in about["nets"]]
    for name in few:
        i = titles.index(find_architecture(name).title)
        counts = count(name)
        assert (arrays["params"][i], arrays["macs"][i]) == (counts.params, counts.macs)
        assert arrays["years"][i] == find_architecture(name).year
    assert about["of"] == len(list_architectures())
    assert about["extremes"]["light"]["title"] == "MobileNetV2"
    # the published number of parameters, and the multiply-adds in torchvision's table
    at = titles.index("AlexNet")
    assert arrays["params"][at] == 61_100_840
    assert arrays["macs"][at] == pytest.approx(0.714e9, rel=0.02)
    assert about["winner"]["year"] == 2017
    assert about["winner"]["counted"] is None
    _, about = ask("history/cost", until=2012)
    assert about["winner"]["counted"] == {"params": 61_100_840, "macs": int(arrays["macs"][at])}
    assert about["extremes"]["verdict"] == "alone"
    _, about = ask("history/cost", until=2011)
    assert about["extremes"] is None


@pytest.mark.parametrize(
    ("macs", "verdict"),
    [
        ([100], "alone"),
        ([100, 900], "grows"),
        ([100, 900, 60], "grows"),
        ([100, 900, 10], "both"),
        ([100, 150, 10], "shrinks"),
        ([100, 150], "shrinks"),
    ],
)
def test_the_verdict_follows_the_counts(macs: list[int], verdict: str) -> None:
    names = ["alexnet", "vgg16", "mobilenet_v2"]
    found = [
        (find_architecture(name), Counts(1, each, 1))
        for name, each in zip(names, macs, strict=False)
    ]
    told = extremes(found, "macs")
    assert told is not None
    assert told["verdict"] == verdict
    assert told["light"]["times"] == pytest.approx(min(macs) / 100)
    assert told["heavy"]["value"] == max(macs)
    assert extremes(found[1:], "macs") is None
