"""What the three parts of the Perceptron page can be asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.serving.offer import Fixed, Offer

MOST_STEPS = 400
MOST_PASSES = 12
MOMENTS = 50
_PLACE = r"-?[0-2]\.\d\d"
_NUMBER = r"-?\d{1,4}(\.\d{1,6})?"
_POINT = f"{_PLACE},{_PLACE},[01]"
#: Inputs and class, 1 for + and 0 for −, of two to 24 points.
Points = Annotated[str, Field(pattern=f"^{_POINT}(;{_POINT}){{1,23}}$", max_length=400)]
Rate = Annotated[float, Field(ge=0.01, le=10, allow_inf_nan=False), Offer(step=0.01, log=True)]

AND = "0.00,0.00,0;0.00,1.00,0;1.00,0.00,0;1.00,1.00,1"
OR = "0.00,0.00,0;0.00,1.00,1;1.00,0.00,1;1.00,1.00,1"
XOR = "0.00,0.00,0;0.00,1.00,1;1.00,0.00,1;1.00,1.00,0"
RING = (
    "0.00,0.00,1;0.40,0.20,1;-0.30,0.40,1;-0.20,-0.40,1;0.30,-0.30,1;"
    "1.50,0.00,0;1.06,1.06,0;0.00,1.50,0;-1.06,1.06,0;-1.50,0.00,0;-1.06,-1.06,0;0.00,-1.50,0;"
    "1.06,-1.06,0"
)
CLOUDS = (
    "-1.20,-0.70,0;-0.60,-1.20,0;-1.50,0.10,0;-0.40,-0.30,0;-0.90,0.50,0;0.20,-1.40,0;"
    "1.10,0.80,1;0.50,1.30,1;1.60,0.00,1;0.30,0.60,1;-0.30,1.50,1;1.20,-0.50,1"
)


class Question(BaseModel):
    """Rosenblatt's rule on points of two classes."""

    #: How many steps are shown; the end where it is more than there are.
    step: Annotated[int, Field(ge=0, le=MOST_STEPS)] = MOST_STEPS
    rate: Rate = 1.0
    unit: Literal["threshold", "sigmoid", "tanh", "relu"] = "threshold"
    points: Points = AND
    #: The first weights and the first bias: ``w1,w2,b``.
    begin: Annotated[str, Field(pattern=f"^{_NUMBER},{_NUMBER},{_NUMBER}$", max_length=40)] = (
        "0,0,0"
    )
    #: Which point is chosen, by its number; none where empty. The view's own.
    chosen: Annotated[str, Field(pattern=r"^(\d{1,2})?$")] = ""


class HiddenQuestion(BaseModel):
    """A hidden layer on the same points, on XOR, or on a ring."""

    #: The points of the neuron above.
    points: Annotated[Points, Fixed()] = AND
    moment: Annotated[int, Field(ge=0, le=MOMENTS)] = MOMENTS
    task: Literal["xor", "ring", "own"] = "xor"
    units: Annotated[int, Field(ge=1, le=8)] = 2
    activation: Literal["threshold", "sigmoid", "tanh", "relu"] = "tanh"
    pace: Rate = 1.0
    seed: Annotated[int, Field(ge=1, le=20)] = 1
    #: All numbers of the net to begin with (``HiddenNet.flat``); drawn where empty.
    numbers: Annotated[
        str, Field(pattern=rf"^({_NUMBER}(,{_NUMBER}){{4,32}})?$", max_length=500)
    ] = ""
    #: Which two hidden units span the space that is drawn. The view's own.
    pair: Annotated[str, Field(pattern=r"^[0-7],[0-7]$")] = "0,1"


class DigitQuestion(BaseModel):
    """Ten neurons with a weight for each pixel, and a digit to look at."""

    passes: Annotated[int, Field(ge=0, le=MOST_PASSES)] = MOST_PASSES
    digit: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = "3"
    #: 8 × 8 pixels row by row, ink from 0 to 16: one of 0–9 and a–g each; a held-out 3 where empty.
    drawing: Annotated[str, Field(pattern=r"^([0-9a-g]{64})?$")] = ""
    #: Weights of the chosen neuron that were typed in, ``pixel:value``; pixel 64 is its bias.
    typed: Annotated[
        str, Field(pattern=rf"^(\d{{1,2}}:{_NUMBER}(;\d{{1,2}}:{_NUMBER})*)?$", max_length=900)
    ] = ""
    #: Which pixel is chosen. The view's own.
    pixel: Annotated[str, Field(pattern=r"^[0-7],[0-7]$")] = "3,3"
