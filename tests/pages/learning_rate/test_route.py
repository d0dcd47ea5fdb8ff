"""What the Loss and learning rate page's stages are told."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from engine.serving.comparisons.compute import name_comparison
from engine.train.one_epoch import study_epoch
from engine.train.schedules import learning_rate
from engine.train.settings import TrainSettings, settings_from_dict
from engine.train.surfaces import SURFACES, himmelblau


def test_losses_of_the_answer_asked_for(ask: Callable) -> None:
    arrays, about = ask("learning-rate/losses", at=-2.0)
    assert about["names"] == ["cross_entropy", "squared", "absolute"]
    assert arrays["answers"][about["index"]] == pytest.approx(-2.0)
    logits = torch.tensor([[-2.0, 0.0]])
    loss = torch.nn.CrossEntropyLoss()(logits, torch.tensor([0]))
    assert arrays["losses"][0, about["index"]] == pytest.approx(loss.item(), rel=1e-5)
    prob = logits.softmax(dim=1)[0, 0].item()
    assert arrays["ways"][:, 0] == pytest.approx([prob] * 3)
    assert arrays["ways"].shape == (3, 101)
    assert ((arrays["ways"] > 0) & (arrays["ways"] < 1)).all()


def test_losses_of_a_number_walk_to_the_truth(ask: Callable) -> None:
    arrays, about = ask("learning-rate/losses", case="number", at=4)
    assert about["names"] == ["squared", "absolute"]
    assert arrays["ways"][:, 0] == pytest.approx([4.0, 4.0])
    walk = 4 - 0.1 * np.arange(30)
    assert arrays["ways"][1, :30] == pytest.approx(walk, abs=1e-4)  # the same pace all the way
    assert arrays["arrivals"][1] == pytest.approx(39, abs=1)


def test_ways_begin_where_asked_and_follow_the_schedule(ask: Callable) -> None:
    path = "learning-rate/descent"
    arrays, about = ask(path, surface="himmelblau", start="-1.25,0.50", rate=0.2, schedule="cosine")
    np.testing.assert_allclose(arrays["points"][:, 0], [[-1.25, 0.5]] * 3)
    settings = TrainSettings(epochs=6, learning_rate=0.2, schedule="cosine")
    rates = [learning_rate(settings, step, 10) for step in range(60)]
    np.testing.assert_allclose(arrays["rates"], rates, rtol=1e-5)
    heights = himmelblau(torch.tensor(arrays["points"][0]))
    np.testing.assert_allclose(arrays["heights"][0], heights, rtol=1e-3, atol=1e-5)
    assert about["lost"] == [None, None, None]


def test_divergence_is_told(ask: Callable) -> None:
    _, about = ask("learning-rate/descent", surface="valley", rate=2)
    assert isinstance(about["lost"][0], int)


def test_warm_up_rises(ask: Callable) -> None:
    arrays, _ = ask("learning-rate/descent", rate=0.3, schedule="warmup")
    np.testing.assert_allclose(arrays["rates"][:15], 0.3 * np.arange(1, 16) / 15, rtol=1e-5)
    assert (arrays["rates"][15:] == arrays["rates"][15]).all()


@pytest.mark.parametrize("order", ["shuffled", "fixed", "by_class"])
def test_an_epoch_batch_by_batch(ask: Callable, order: str) -> None:
    from engine.serving.learning_rate import compute as descending

    arrays, about = ask("learning-rate/epoch", batch=200, order=order)
    data = descending.digits(order == "by_class")
    study = study_epoch(descending.small_net_settings(200, order), data)
    np.testing.assert_allclose(arrays["losses"], study.losses, rtol=1e-4)
    np.testing.assert_allclose(arrays["moves"], study.moves, rtol=1e-4)
    assert arrays["sizes"].sum() == len(arrays["pictures"]) == len(arrays["targets"])
    assert about["after"] == pytest.approx(study.after)
    assert (np.diff(arrays["targets"].astype(int)) >= 0).all() == (order == "by_class")


@pytest.mark.parametrize(("varied", "count"), [("rates", 3), ("schedules", 4), ("optimisers", 3)])
def test_compared_trainings_differ_in_one_thing(ask: Callable, varied: str, count: int) -> None:
    _, about = ask("learning-rate/schedules", compared=varied, peak=0.5, optimiser="momentum")
    plans = about["runs"]
    assert len(plans) == count
    settings = [settings_from_dict(each["settings"]) for each in plans]
    assert [name_comparison(each) for each in settings] == [each["name"] for each in plans]
    assert len({each.train for each in settings}) == count
    assert len({(each.data, each.net, each.seed) for each in settings}) == 1
    rates = {each.train.learning_rate for each in settings}
    assert rates == ({0.05, 0.5, 5.0} if varied == "rates" else {0.5})


def test_warm_up_takes_two_epochs_of_all(ask: Callable) -> None:
    _, about = ask("learning-rate/schedules", warmup=True)
    assert {each["settings"]["train"]["warmup_steps"] for each in about["runs"]} == {46}


def test_orders_of_the_pictures(ask: Callable) -> None:
    _, about = ask("learning-rate/order", order_batch=16)
    found = {each["label"]: each["settings"] for each in about["runs"]}
    assert found["shuffled"]["train"]["shuffle"] is True
    assert found["fixed"]["train"]["shuffle"] is found["by_class"]["train"]["shuffle"] is False
    assert [found[name]["data"]["by_class"] for name in found] == [False, False, True]
    assert {each["train"]["batch_size"] for each in found.values()} == {16}


@pytest.mark.parametrize(
    "wrong",
    [
        "losses?at=6.1",
        "losses?at=nan",
        "losses?at=x",
        "losses?case=hinge",
        "descent?surface=moon",
        "descent?rate=0",
        "descent?rate=11",
        "descent?rate=inf",
        "descent?momentum=1",
        "descent?schedule=linear",
        "descent?start=1,2",
        "descent?start=9.00,1.00",
        "descent?start=1.00",
        "epoch?batch=7",
        "epoch?batch=513",
        "epoch?batch=8.5",
        "epoch?order=random",
        "schedules?compared=all",
        "schedules?peak=0",
        "schedules?optimiser=lion",
        "schedules?warmup=2",
        "order?order_batch=0",
    ],
)
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/learning-rate/{wrong}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("surface", "height"), [("himmelblau", 0), ("rastrigin", 0), ("valley", 0), ("hollows", None)]
)
def test_the_lowest_point_is_the_surfaces_and_not_a_grid_s(
    ask: Callable, surface: str, height: float | None
) -> None:
    arrays, about = ask("learning-rate/descent", surface=surface)
    lowest = about["lowest"]
    assert lowest["height"] <= arrays["surface"].min()
    place = torch.tensor([[lowest["x"], lowest["y"]]], dtype=torch.float64, requires_grad=True)
    SURFACES[surface].heights(place.float()).sum().backward()
    assert place.grad is not None
    assert place.grad.abs().max() < 1e-3
    if height is not None:
        assert lowest["height"] == pytest.approx(height, abs=1e-9)
