"""Who carries the focal loss, held against torchvision's; and the race that is planned."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.ops import sigmoid_focal_loss

from engine.serving.one_stage.focal import answers_of
from engine.train.settings import settings_from_dict

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH, RACE = "one-stage/focal", "one-stage/race"


@pytest.mark.parametrize("net", ["before", "after"])
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_the_shares_are_those_of_torchvisions_loss(ask: Ask, net: str, gamma: float) -> None:
    arrays, about = ask(PATH, gamma=gamma, net=net)
    logits, truths = answers_of(net)
    every = sigmoid_focal_loss(logits.double(), truths.double(), 0.25, gamma)
    p = torch.where(truths == 1, logits, -logits).double().sigmoid()
    for k in range(10):
        within = (p >= k / 10) & ((p < (k + 1) / 10) | (k == 9))
        share = (every[within].sum() / every.sum()).item()
        assert arrays["focal"][k] == pytest.approx(share, abs=1e-5)
    assert about["count"] == logits.numel()
    assert about["yes"] == truths.sum()
    yes = (every[truths == 1].sum() / every.sum()).item()
    assert about["yes_focal"] == pytest.approx(yes, abs=1e-5)
    row = ["before", "after"].index(net)
    at = int(np.abs(arrays["gammas"] - gamma).argmin())
    assert arrays["yes"][row, at] == pytest.approx(yes, abs=1e-5)


@pytest.mark.parametrize("net", ["before", "after"])
def test_the_easy_carry_less_with_gamma(ask: Ask, net: str) -> None:
    """What the page's paragraph says."""
    shares = [ask(PATH, gamma=gamma, net=net)[1]["easy_focal"] for gamma in (0, 2, 5)]
    assert shares == sorted(shares, reverse=True)
    about = ask(PATH, gamma=2, net=net)[1]
    assert about["easy"] > 0.95
    assert about["easy_plain"] > 2 * about["easy_focal"]
    assert about["left"] < 1


def test_a_race_differs_in_gamma_alone(ask: Ask) -> None:
    first, second = (run["settings"] for run in ask(RACE)[1]["runs"])
    assert (first["net"]["gamma"], second["net"]["gamma"]) == (0, 2)
    assert settings_from_dict(first).net.name == "retina_net"
    first["net"]["gamma"] = 2
    assert first == second
    labels = [run["label"] for run in ask(RACE, first_gamma=1.5)[1]["runs"]]
    assert labels == ["γ = 1.5", "γ = 2"]
    assert len(ask(RACE, first_gamma=2)[1]["runs"]) == 1


def test_a_race_can_be_begun(api: TestClient, ask: Ask) -> None:
    from engine.serving.training import check_fits

    for run in ask(RACE)[1]["runs"]:
        check_fits(settings_from_dict(run["settings"]))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [(PATH, {"gamma": "5.1"}), (PATH, {"net": "half"}), (RACE, {"epochs": "0"})],
)
def test_wrong_values_are_a_sentence(api: TestClient, path: str, wrong: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/{path}", params=wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
