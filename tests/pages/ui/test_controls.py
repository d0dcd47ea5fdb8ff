"""Controls derived from a contract: nothing of a control is told twice."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer, PictureRef
from pages.ui.controls import (
    Choice,
    Hidden,
    Options,
    Slider,
    Toggle,
    controls_of,
    first_state,
    read_values,
)


class Question(BaseModel):
    picture: PictureRef = "chelsea"
    model: Annotated[str, Fixed()] = "vgg"
    share: Annotated[float, Field(ge=0, le=1), Offer(low=0.1, step=0.05)] = 0.5
    count: Annotated[int, Field(ge=1, le=9)] = 2
    rate: Annotated[float, Field(ge=1e-5, le=1), Offer(step=1e-5, log=True, group="fold")] = 0.1
    kind: Literal["a", "b", "c"] = "b"
    fewer: Annotated[Literal["a", "b", "c"], Offer(only=("c", "a"))] = "c"
    named: Annotated[str, Field(max_length=8)] = "one"
    on: bool = True
    spot: Annotated[str, Field(pattern=r"^\d+,\d+$", max_length=9)] = "1,2"


NAMED = {"named": Options(["one", "two"], {"one": "One"}, {"two": "rest"})}


def test_every_kind_of_field_becomes_its_control() -> None:
    assert controls_of(Question, options=NAMED) == [
        Slider("share", 0.1, 1, 0.5, 0.05),
        Slider("count", 1, 9, 2, 1),
        Slider("rate", 1e-5, 1, 0.1, 1e-5, log=True, group="fold"),
        Choice("kind", ["a", "b", "c"], "b"),
        Choice("fewer", ["c", "a"], "c"),
        Choice("named", ["one", "two"], "one", {"one": "One"}, {"two": "rest"}),
        Toggle("on", True),
        Hidden("spot", r"^\d+,\d+$", "1,2", 9),
    ]


def test_names_choose_and_ends_move() -> None:
    found = controls_of(Question, "count", "on", ends={"count": (1, 4)}, defaults={"count": 4})
    assert found == [Slider("count", 1, 4, 4, 1), Toggle("on", True)]


@pytest.mark.parametrize(
    "asked",
    [
        {"options": {"other": Options(["x"])}},
        {"ends": {"other": (0, 1)}},
        {"defaults": {"other": 1}},
    ],
)
def test_what_the_contract_does_not_know_is_refused(asked: dict) -> None:
    with pytest.raises(KeyError):
        controls_of(Question, **asked)
    with pytest.raises(KeyError):
        controls_of(Question, "other")


def test_a_field_that_no_control_shows_is_refused() -> None:
    with pytest.raises(TypeError):
        controls_of(Question, "named")

    class Stepless(BaseModel):
        share: Annotated[float, Field(ge=0, le=1)] = 0.5
        open_ended: Annotated[int, Field(ge=0)] = 1

    for name in Stepless.model_fields:
        with pytest.raises(TypeError):
            controls_of(Stepless, name)


def test_the_first_state_is_the_models_own() -> None:
    controls = controls_of(Question, options=NAMED)
    first = first_state(controls)
    assert Question.model_validate(first) == Question()
    hostile = {"share": "nan", "count": "10", "kind": "<b>", "on": "perhaps", "spot": "1;2"}
    assert read_values(controls, hostile) == first
