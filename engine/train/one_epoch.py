"""One epoch, batch by batch: what each batch's loss was and how far it moved the weights."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector

from engine.train.learning_data import LearningData
from engine.train.loop import Training
from engine.train.measuring import evaluate
from engine.train.settings import RunSettings


@dataclass(frozen=True, eq=False)
class EpochStudy:
    """The first epoch of a training.

    Attributes:
        order: int64 (N,), the training images in the order in which they were met.
        sizes: int64 (batches,), images in each batch; they sum to N.
        losses: float32 (batches,), the mean loss of each batch before its update.
        moves: float32 (batches,), Euclidean length of each update of all weights.
        displacement: how far the weights ended from where they began; at most the moves' sum.
        weights: number of weights.
        before, after: accuracy on the validation images, in [0, 1].
    """

    order: Tensor
    sizes: Tensor
    losses: Tensor
    moves: Tensor
    displacement: float
    weights: int
    before: float
    after: float


def study_epoch(settings: RunSettings, data: LearningData) -> EpochStudy:
    """Trains one epoch on the CPU and looks at each of its updates.

    Raises:
        InputError: network and data do not fit.
    """
    training = Training(settings, data, torch.device("cpu"))
    before = evaluate(training.net, data).accuracy
    batches = training.batches()
    start = at = _weights(training)
    losses, moves = [], []
    for indices in batches:
        losses += [step.loss for step in training.update(indices, len(batches))]
        last, at = at, _weights(training)
        moves.append(at.dist(last))
    return EpochStudy(
        order=torch.cat(batches),
        sizes=torch.tensor([len(each) for each in batches]),
        losses=torch.tensor(losses),
        moves=torch.stack(moves),
        displacement=at.dist(start).item(),
        weights=len(at),
        before=before,
        after=evaluate(training.net, data).accuracy,
    )


def _weights(training: Training) -> Tensor:
    """All weights end to end, float32 (weights,), a copy."""
    return parameters_to_vector(training.net.parameters()).detach().clone()
