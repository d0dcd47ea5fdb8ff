"""Ten neurons that look at a drawn digit: one for each, learnt by Rosenblatt's rule.

Each has a weight for every pixel and says "mine" where its sum is above 0; a neuron's weights are
themselves a picture. Of several that say so, and of none, the one with the largest sum answers.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.train.seeding import generator


@dataclass(frozen=True)
class DigitNeurons:
    """Ten neurons after each pass over the training pictures.

    Attributes:
        weights: float32 ``(passes + 1, classes, pixels)``.
        biases: float32 ``(passes + 1, classes)``.
        mistakes: int64 ``(passes, classes)``, how often each neuron was moved in each pass.
    """

    weights: Tensor
    biases: Tensor
    mistakes: Tensor


def teach_digits(pictures: Tensor, labels: Tensor, passes: int, seed: int = 0) -> DigitNeurons:
    """Rosenblatt's rule for all ten at once, in a new order in each pass.

    Args:
        pictures: float32 ``(n, pixels)``, ink from 0 to 1.
        labels: int64 ``(n,)``, 0 to 9.
        passes: how often each picture is looked at.
        seed: draws the orders.
    """
    targets = 2 * torch.nn.functional.one_hot(labels, 10).to(pictures.dtype) - 1
    weights, biases = torch.zeros(10, pictures.shape[1]), torch.zeros(10)
    kept_weights, kept_biases, mistakes = [weights.clone()], [biases.clone()], []
    order_of = generator(seed, "digits")
    for _ in range(passes):
        moved = torch.zeros(10)
        for i in torch.randperm(len(pictures), generator=order_of).tolist():
            x, y = pictures[i], targets[i]
            wrong = (y * torch.addmv(biases, weights, x) <= 0).to(x.dtype)
            weights.addr_(wrong * y, x)
            biases.add_(wrong * y)
            moved.add_(wrong)
        kept_weights.append(weights.clone())
        kept_biases.append(biases.clone())
        mistakes.append(moved.long())
    return DigitNeurons(torch.stack(kept_weights), torch.stack(kept_biases), torch.stack(mistakes))


def answers(weights: Tensor, biases: Tensor, pictures: Tensor) -> Tensor:
    """Which neuron has the largest sum, int64 ``(n,)``; ties go to the lower digit.

    Args:
        weights: float32 ``(classes, pixels)``.
        biases: float32 ``(classes,)``.
        pictures: float32 ``(n, pixels)``.
    """
    return (pictures @ weights.T + biases).argmax(dim=1)
