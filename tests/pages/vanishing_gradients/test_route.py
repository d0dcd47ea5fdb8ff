"""What the Vanishing gradients page's stages are told."""

import time
from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.neurons.depth import DepthSettings, study_depth
from engine.serving.vanishing_gradients.compute import STUDIED, digits
from engine.serving.vanishing_gradients.contract import Question


def test_the_digits_are_scikit_learns() -> None:
    from sklearn.datasets import load_digits

    images, targets = digits()
    pixels, labels = load_digits(return_X_y=True)
    raw = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8)
    torch.testing.assert_close(images, (raw - raw.mean()) / raw.std())
    assert targets.tolist() == list(labels)


def test_the_route_tells_what_the_engine_measures(ask: Callable) -> None:
    settings = {"depth": 7, "width": 16, "activation": "tanh", "norm": "layer", "skip": True}
    arrays, about = ask("vanishing-gradients", **settings)
    images, targets = digits()
    net = DepthSettings(**settings, init="pytorch")
    study = study_depth(net, images[:STUDIED], targets[:STUDIED])
    for name in ("norms", "textbook", "expected", "slopes", "spreads", "across"):
        np.testing.assert_allclose(arrays[name], getattr(study, name), rtol=1e-4)
        assert arrays[name].dtype == np.float64
    assert about["factor"] == pytest.approx(study.factor)
    assert about["batch"] == STUDIED


def test_the_race_goes_on_from_where_it_was(ask: Callable) -> None:
    first, _ = ask("vanishing-gradients/race", depth=3, until=5)
    later, about = ask("vanishing-gradients/race", depth=3, until=9)
    assert about["steps"] == 9
    np.testing.assert_array_equal(later["losses"][:, :5], first["losses"])
    assert later["moved_own"].shape == later["moved_rival"].shape == (3,)


def test_thirty_sigmoids_have_a_gradient(ask: Callable) -> None:
    arrays, _ = ask("vanishing-gradients", depth=30)
    assert arrays["norms"][0] == pytest.approx(1.817e-25, rel=1e-3)
    assert (arrays["norms"] > 0).all()


@pytest.mark.parametrize("name", get_args(Question.model_fields["activation"].annotation))
def test_the_curve_is_pytorchs_activation(ask: Callable, name: str) -> None:
    arrays, about = ask("vanishing-gradients", depth=2, activation=name)
    x = torch.from_numpy(arrays["curve_at"].copy()).requires_grad_()
    values = getattr(torch.nn.functional, name)(x)
    np.testing.assert_allclose(arrays["curve_values"], values.detach(), rtol=1e-6)
    (slopes,) = torch.autograd.grad(values.sum(), x)
    np.testing.assert_allclose(arrays["curve_slopes"], slopes, rtol=1e-6)
    assert about["steepest"] == pytest.approx(arrays["curve_slopes"].max(), abs=1e-3)


@pytest.mark.parametrize("field", ["activation", "init", "norm"])
def test_every_choice_has_an_answer(ask: Callable, field: str) -> None:
    for choice in get_args(Question.model_fields[field].annotation):
        arrays, _ = ask("vanishing-gradients", depth=4, **{field: choice})
        assert np.isfinite(arrays["norms"]).all()


def test_the_costliest_race_holds_up_no_live_page(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for once, it says how far it is; another page's slider is answered beside it."""
    # However slow this machine is: a race that the others had waited for would have ended.
    monkeypatch.setattr("engine.serving.jobs.ABANDONED_AFTER_S", 600.0)
    light = "/api/v1/filter-sliding?picture=camera"
    assert api.get(light).status_code == 200  # all that is imported once
    heavy = "/api/v1/vanishing-gradients/race?depth=50&width=256&until=400&norm=batch&skip=true"
    answer = api.get(heavy)
    assert answer.status_code == 202
    assert answer.json()["total"] > 0
    for _ in range(3):
        assert api.get(light).status_code == 200
        assert api.get(heavy).status_code == 202  # the light one did not wait until it had ended
    end = time.monotonic() + 120
    while (answer := api.get(heavy)).status_code == 202 and answer.json()["total"] != 400:
        assert time.monotonic() < end
    assert answer.status_code == 202  # it goes on, for as long as somebody asks
