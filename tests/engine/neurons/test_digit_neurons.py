"""Ten neurons by Rosenblatt's rule, against scikit-learn's Perceptron on the same order."""

from typing import Any

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import Perceptron

from engine.neurons.digit_neurons import answers, teach_digits
from engine.train.seeding import generator

COUNT = 240
ONCE: Any = {"shuffle": False, "tol": None, "max_iter": 1}


def test_a_pass_is_scikit_learns() -> None:
    pixels, labels = load_digits(return_X_y=True)
    pictures = torch.tensor(pixels[:COUNT] / 16, dtype=torch.float32)
    targets = torch.tensor(labels[:COUNT])
    ours = teach_digits(pictures, targets, passes=1, seed=4)
    order = torch.randperm(COUNT, generator=generator(4, "digits"))
    for digit in (0, 3, 8):
        theirs: Any = Perceptron(**ONCE)
        theirs.fit(pictures[order].numpy(), (targets[order] == digit).numpy())
        np.testing.assert_allclose(ours.weights[1, digit], theirs.coef_[0], atol=1e-4)
        np.testing.assert_allclose(ours.biases[1, digit], theirs.intercept_[0], atol=1e-4)
    assert not ours.weights[0].any()
    said = answers(ours.weights[1], ours.biases[1], pictures)
    scores = pictures @ ours.weights[1].T + ours.biases[1]
    assert torch.equal(said, scores.argmax(dim=1))
