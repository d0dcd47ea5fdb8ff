"""What the Perceptron page's three stages are told, and what is refused with a sentence."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from starlette.testclient import TestClient

from engine.serving.perceptron.compute import TRAINED, UPDATES, moments
from engine.serving.perceptron.contract import AND, MOMENTS, RING, XOR


def test_the_rule_is_told_step_by_step(ask: Callable) -> None:
    arrays, about = ask("perceptron")
    assert about["settled"]
    assert about["separable"]
    assert about["circle"] is None
    assert (about["steps"], about["moves"]) == (34, 18)
    assert about["limits"] == {"step": {"high": 34}}
    assert arrays["weights"][-1].tolist() == [3, 2, -4]
    assert arrays["mistakes"].sum() == arrays["wrong"].sum() == 18
    sums = arrays["weights"][:, :2] @ arrays["points"].T + arrays["weights"][:, 2:]
    np.testing.assert_allclose(arrays["sums"], sums)
    np.testing.assert_array_equal(arrays["outputs"], arrays["sums"] > 0)


def test_xor_and_the_ring_are_never_divided(ask: Callable) -> None:
    _, about = ask("perceptron", points=XOR)
    assert not about["separable"]
    assert about["circle"] == [0, 4]
    _, about = ask("perceptron", points=RING)
    assert not about["separable"]
    assert about["steps"] == 400


@pytest.mark.parametrize("unit", ["sigmoid", "tanh", "relu"])
def test_the_unit_is_torchs(ask: Callable, unit: str) -> None:
    arrays, _ = ask("perceptron", unit=unit)
    wanted = getattr(torch, unit)(torch.tensor(arrays["sums"]))
    np.testing.assert_allclose(arrays["outputs"], wanted)


def test_the_moments_reach_from_nothing_to_the_end() -> None:
    found = moments()
    assert len(found) == MOMENTS + 1
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, UPDATES)


def test_two_hidden_units_learn_xor_and_one_does_not(ask: Callable) -> None:
    arrays, about = ask("perceptron/hidden")
    assert about["right"] == 4
    assert about["done"] == UPDATES
    assert arrays["losses"][-1] < 0.05 < 0.5 < arrays["losses"][0]
    _, about = ask("perceptron/hidden", units=1)
    assert about["right"] < 4
    _, about = ask("perceptron/hidden", task="own", points=AND, units=1)
    assert about["right"] == 4


def test_the_grid_is_the_plane_with_its_upper_row_first(ask: Callable) -> None:
    arrays, _ = ask("perceptron/hidden", units=1, activation="relu", numbers="0,1,0,1,0")
    assert arrays["grid_logits"].shape == (41, 41)
    arrays, _ = ask("perceptron/hidden", units=1, activation="relu", numbers="0,1,0,1,-1", moment=0)
    np.testing.assert_allclose(arrays["grid_logits"][0], 1)  # relu(2) - 1
    np.testing.assert_allclose(arrays["grid_logits"][-1], -1)
    np.testing.assert_allclose(arrays["logits"], [-1, 0, -1, 0])


def test_a_held_out_three_is_read(ask: Callable) -> None:
    arrays, about = ask("perceptron/digit")
    pixels, labels = load_digits(return_X_y=True)
    place = TRAINED + int((labels[TRAINED:] == 3).argmax())
    np.testing.assert_array_equal(16 * arrays["drawing"].ravel(), pixels[place])
    assert about["answer"] == 3
    assert about["held_right"] > 0.85
    assert about["trained_right"] > 0.95
    total = arrays["products"].sum() + arrays["biases"][3]
    assert arrays["sums"][3] == pytest.approx(total, abs=1e-3)
    _, untaught = ask("perceptron/digit", passes=0)
    assert untaught["held_right"] < 0.2


def test_a_typed_weight_counts(ask: Callable) -> None:
    before, _ = ask("perceptron/digit", drawing="g" + "0" * 63)
    after, _ = ask("perceptron/digit", drawing="g" + "0" * 63, typed="0:7.5;64:-2")
    assert after["weights"][0, 0] == 7.5
    assert after["sums"][3] == pytest.approx(5.5)
    np.testing.assert_array_equal(np.delete(after["sums"], 3), np.delete(before["sums"], 3))


@pytest.mark.parametrize(
    ("path", "values", "says"),
    [
        ("", {"points": "2.50,0.00,1;0.00,0.00,0"}, "between -2 and 2"),
        ("", {"points": "nan,0.00,1;0.00,0.00,0"}, "points"),
        ("", {"points": "0.00,0.00,1"}, "points"),
        ("", {"begin": "1e9,0,0"}, "begin"),
        ("", {"rate": "inf"}, "rate"),
        ("/hidden", {"numbers": "1,2,3,4,5"}, "9 numbers, not 5"),
        ("/hidden", {"numbers": "nan,2,3,4,5,6,7,8,9"}, "numbers"),
        ("/digit", {"typed": "70:1"}, "between 0 and 64"),
        ("/digit", {"drawing": "z" * 64}, "drawing"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(
    api: TestClient, path: str, values: dict[str, str], says: str
) -> None:
    answer = api.get(f"/api/v1/perceptron{path}", params=values)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("unit", ["threshold", "sigmoid", "tanh", "relu"])
def test_the_wildest_legal_values_stay_finite(ask: Callable, unit: str) -> None:
    wild = {"rate": 10, "begin": "9999,-9999,9999", "points": XOR, "unit": unit}
    arrays, _ = ask("perceptron", **wild)
    assert all(np.isfinite(array).all() for array in arrays.values())
    numbers = ",".join(["9999"] * 9)
    arrays, about = ask("perceptron/hidden", pace=10, activation=unit, numbers=numbers)
    assert all(np.isfinite(array).all() for array in arrays.values())
    assert about["done"] <= UPDATES
