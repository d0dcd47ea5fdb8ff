"""What the Backpropagation page's stage is told, and what it refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

PATH = "/api/v1/backpropagation"
HUGE = ",".join(["9e200"] * 9)


def test_the_gradients_are_told_three_ways_and_agree(ask: Callable) -> None:
    for loss in ("squared", "absolute", "cross_entropy"):
        arrays, about = ask("backpropagation", loss=loss, inputs=4, hidden=6, outputs=3)
        assert arrays["gradient"].shape == (len(about["names"]),) == (51,)
        np.testing.assert_allclose(arrays["gradient"], arrays["autograd"], atol=1e-10)
        fine = arrays["kinked"] == 0
        np.testing.assert_allclose(arrays["gradient"][fine], arrays["differences"][fine], atol=1e-6)
        assert about["check"]["autograd_holds"]
        assert about["check"]["differences_hold"]


def test_one_update_is_a_step_against_the_gradient(ask: Callable) -> None:
    arrays, about = ask("backpropagation", rate=0.25)
    expected = arrays["parameters"] - 0.25 * arrays["gradient"]
    np.testing.assert_allclose(arrays["updated"], expected, rtol=1e-15)
    weights = ",".join(map(repr, arrays["updated"].tolist()))
    _, after = ask("backpropagation", weights=weights)
    assert after["update"]["before"] == about["update"]["after"]


def test_influence_is_the_tangent_of_the_curve(ask: Callable) -> None:
    arrays, about = ask("backpropagation", source="h[1]", target="y[0]")
    found = about["influence"]
    assert found["sum"] == pytest.approx(about["values"]["W2[0,1]"])
    assert found["measured"] == pytest.approx(found["sum"], abs=1e-8)
    assert found["really"] == pytest.approx(found["foretold"], abs=1e-8)
    here = np.interp(found["value"], arrays["moved_at"], arrays["moved_target"])
    assert here == pytest.approx(found["watched"], abs=1e-9)
    assert found["mean"] == pytest.approx(np.mean(found["each"]))


def test_a_hundred_steps_begin_where_the_net_is(ask: Callable) -> None:
    arrays, about = ask("backpropagation/steps", rate=0.5)
    now, _ = ask("backpropagation", rate=0.5)
    assert about == {"steps": 100, "overflowed": False}
    np.testing.assert_array_equal(arrays["parameters"][0], now["parameters"])
    np.testing.assert_array_equal(arrays["parameters"][1], now["updated"])
    assert arrays["losses"][-1] < arrays["losses"][0]
    wild, about = ask("backpropagation/steps", rate=100, activation="relu")
    assert about["overflowed"] or len(wild["losses"]) == 101
    assert np.isfinite(wild["losses"]).all()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"weights": "1,2,3"}, "9 weights and biases"),
        ({"weights": "1,2,nan"}, "weights"),
        ({"weights": HUGE, "activation": "relu"}, "64 bits"),
        ({"weights": ",".join(["1e308"] * 9)}, "too large"),
        ({"batch": "1,2,3"}, "4 rows of 3 numbers"),
        ({"batch": "0,0,2;0,1,1;1,0,1;1,1,0", "loss": "cross_entropy"}, "between 0 and 1"),
        ({"source": "W1[5,3]"}, "no number"),
        ({"source": "y[0]", "loss": "cross_entropy"}, "sums"),
        ({"example": "5"}, "4 examples"),
        ({"target": "y[2]"}, "1 output"),
    ],
)
def test_what_cannot_be_computed_is_a_sentence(
    api: TestClient, asked: dict[str, Any], says: str
) -> None:
    answer = api.get(PATH, params=asked)
    assert answer.status_code == 422, answer.text
    assert says in answer.json()["detail"]
    korean = api.get(PATH, params=asked, headers={"Accept-Language": "ko"})
    assert korean.json()["detail"] != answer.json()["detail"]


@pytest.mark.parametrize("loss", ["squared", "absolute", "cross_entropy"])
@pytest.mark.parametrize("size", ["1e150", "1e300", "1e-300", "700"])
def test_nothing_is_ever_nan(api: TestClient, loss: str, size: str) -> None:
    for activation in ("sigmoid", "tanh", "relu"):
        weights = ",".join([size, f"-{size}"] * 4 + ["1"])
        for output in ("linear", "same"):
            answer = api.get(
                PATH,
                params={
                    "weights": weights, "loss": loss, "activation": activation,
                    "output": output, "rate": 1000,
                },
            )  # fmt: skip
            assert answer.status_code in (200, 422), answer.text
            assert b"NaN" not in answer.content
            assert b"Infinity" not in answer.content
