"""What the page Backpropagation can be asked.

The costliest legal values: a net of 4-6-3 with six examples, its gradients checked against autograd
and against differences, a hundred passes in one: 20 ms of a core. Two hundred steps of descent take
0.2 s.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer

MOST_STEPS = 200
_NUMBER = r"-?\d{1,22}(\.\d{1,25})?(e[+-]?\d{1,3})?"
_ROW = rf"{_NUMBER}(,{_NUMBER}){{2,6}}"
_SOURCE = (
    r"(x\[[0-3]\]|h\[[0-5]\]|b1\[[0-5]\]|W1\[[0-5],[0-3]\]|W2\[[0-2],[0-5]\]|(b2|z2|y)\[[0-2]\])"
)


class NetQuestion(BaseModel):
    """A net of one hidden layer, its examples, and how it learns from them."""

    #: The learning rate η of the next step.
    rate: Annotated[
        float,
        Field(ge=1e-4, le=1000, allow_inf_nan=False),
        Offer(low=0.01, high=100, step=0.01, log=True),
    ] = 0.5
    activation: Literal["sigmoid", "tanh", "relu"] = "tanh"
    loss: Literal["squared", "absolute", "cross_entropy"] = "squared"
    #: What the outputs do with their sums; cross-entropy makes probabilities of them.
    output: Literal["linear", "same"] = "linear"
    inputs: Annotated[int, Field(ge=2, le=4), Offer(group="sizes")] = 2
    hidden: Annotated[int, Field(ge=2, le=6), Offer(group="sizes")] = 2
    outputs: Annotated[int, Field(ge=1, le=3), Offer(group="sizes")] = 1
    examples: Annotated[int, Field(ge=1, le=6), Offer(group="sizes")] = 4
    #: All weights and biases: W1 row by row, b1, W2, b2; drawn ones where empty.
    weights: Annotated[str, Field(pattern=rf"^({_NUMBER}(,{_NUMBER})*)?$", max_length=2000)] = ""
    #: The examples, each its inputs and then its targets; XOR or drawn ones where empty.
    batch: Annotated[str, Field(pattern=rf"^({_ROW}(;{_ROW})*)?$", max_length=1500)] = ""


class Question(NetQuestion):
    """And what is looked at."""

    #: The example whose way through the net is shown.
    example: Annotated[str, Field(pattern="^[0-5]$")] = "0"
    #: The number that is moved …
    source: Annotated[str, Field(pattern=f"^{_SOURCE}$")] = "x[0]"
    #: … and the one that is watched.
    target: Annotated[str, Field(pattern=r"^(L|y\[[0-2]\])$")] = "L"
    #: How far the walk through the numbers is, all of it where empty; the view's own.
    step: Annotated[str, Field(pattern=r"^\d{0,2}$")] = ""


class StepsQuestion(NetQuestion):
    """And how many steps down the loss."""

    steps: Annotated[int, Field(ge=1, le=MOST_STEPS), Fixed()] = 100
