"""Fully connected networks: softmax regression, and the multilayer perceptron of any depth.

A picture is flattened first, so that where a pixel lies means nothing to them.
"""

from math import prod

from torch import Tensor, nn

from engine.trainable.layers import ACTIVATIONS, norm_1d


class SoftmaxRegression(nn.Module):
    """One linear layer: each class has one weight a pixel. (N, C, H, W) → logits (N, classes)."""

    def __init__(self, input_shape: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        self.head = nn.Linear(prod(input_shape), classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(x.flatten(1))  # (N, C, H, W) → (N, C·H·W) → (N, classes)


class HiddenLayer(nn.Module):
    """Linear → norm → activation → dropout, with the input added back where widths agree."""

    def __init__(
        self, inputs: int, width: int, activation: str, norm: str, skip: bool, dropout: float
    ) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, width)
        self.norm = norm_1d(norm, width)
        self.act = ACTIVATIONS[activation]()
        self.drop = nn.Dropout(dropout)
        self.skip = skip and inputs == width

    def forward(self, x: Tensor) -> Tensor:
        y = self.drop(self.act(self.norm(self.linear(x))))  # (N, inputs) → (N, width)
        return x + y if self.skip else y


class MLP(nn.Module):
    """``depth`` linear layers, the last of which gives the logits; depth 1 has no hidden layer.

    Args:
        input_shape: (C, H, W) of a picture.
        classes: number of classes.
        depth: number of linear layers, >= 1.
        width: outputs of each hidden layer.
        activation, norm: names in :mod:`engine.trainable.layers`.
        skip: whether each hidden layer of equal width adds its input to its output.
        dropout: share of each hidden layer's outputs dropped in training.
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        depth: int = 3,
        width: int = 64,
        activation: str = "relu",
        norm: str = "none",
        skip: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        sizes = [prod(input_shape)] + [width] * (depth - 1)
        self.hidden = nn.Sequential(
            *(
                HiddenLayer(sizes[i], width, activation, norm, skip, dropout)
                for i in range(depth - 1)
            )
        )
        self.head = nn.Linear(sizes[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)  # (N, C, H, W) → (N, C·H·W)
        x = self.hidden(x)  # → (N, width)
        return self.head(x)  # → (N, classes)
