"""The network against TensorFlow.js, and that it can learn.

``tensorflow_js.npz`` holds what TensorFlow.js 4 answers on the published graph for
``numpy.random.default_rng(0).standard_normal((1, 3, 416, 416), dtype=float32)``: of each grid of
2,704, 676 and 169 cells the numbers of some cells, their 80 scores after the sigmoid and their
4 · 11 bins before the softmax, and the means over all cells.
"""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.detection.nanodet.cells import flatten_grids
from engine.detection.nanodet.net import BINS, CLASSES, SIDES, NanoDet, freeze_blocks
from engine.detection.nanodet.weights import load_nanodet, new_nanodet

CPU = torch.device("cpu")
GRIDS = (2704, 676, 169)
PARAMETERS = 3_786_068


@pytest.fixture(scope="module")
def theirs() -> dict[str, np.ndarray]:
    with np.load(Path(__file__).parent / "tensorflow_js.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def ours() -> list[np.ndarray]:
    drawn = np.random.default_rng(0).standard_normal((1, 3, 416, 416), dtype=np.float32)
    with torch.no_grad():
        outputs = load_nanodet(CPU)(torch.from_numpy(drawn))
    return [output[0].flatten(1).T.numpy() for output in outputs]


@pytest.mark.parametrize("place", range(3))
def test_scores_and_sides_are_those_of_tensorflow_js(
    theirs: dict[str, np.ndarray], ours: list[np.ndarray], place: int
) -> None:
    grid = GRIDS[place]
    assert ours[place].shape == (grid, CLASSES + SIDES * BINS)
    scores = 1 / (1 + np.exp(-ours[place][:, :CLASSES].astype(np.float64)))
    sides = ours[place][:, CLASSES:]
    cells = theirs[f"cells_{grid}"]
    assert len(cells) >= min(grid, 150)
    assert np.abs(scores[cells] - theirs[f"scores_{grid}"]).max() < 1e-5
    assert np.abs(sides[cells] - theirs[f"sides_{grid}"]).max() < 1e-4
    # the other cells too: a cell that is 1e-3 off moves the mean of 2,704 by 4e-7
    assert np.abs(scores.mean(axis=0) - theirs[f"mean_scores_{grid}"]).max() < 1e-7
    assert np.abs(sides.mean(axis=0, dtype=np.float64) - theirs[f"mean_sides_{grid}"]).max() < 1e-5


def test_the_network_has_the_published_number_of_parameters() -> None:
    net = load_nanodet(CPU)
    assert sum(weights.numel() for weights in net.parameters()) == PARAMETERS
    assert not net.training
    assert not any(weights.requires_grad for weights in net.parameters())
    assert {weights.dtype for weights in net.parameters()} == {torch.float32}


def test_other_sizes_and_other_classes_have_their_grids() -> None:
    net = NanoDet(classes=3).eval()
    with torch.no_grad():
        outputs = net(torch.zeros(2, 3, 64, 96))
    assert [output.shape[1:] for output in outputs] == [(47, 8, 12), (47, 4, 6), (47, 2, 3)]
    assert flatten_grids(outputs).shape == (2, 47, 96 + 24 + 6)


def test_every_parameter_learns() -> None:
    net = new_nanodet()
    assert net.training
    outputs = flatten_grids(net(torch.randn(1, 3, 96, 96, generator=_generator())))
    outputs.square().mean().backward()
    for name, weights in net.named_parameters():
        assert weights.grad is not None, name
        assert weights.grad.isfinite().all(), name
        assert weights.grad.abs().max() > 0, name


def test_gradients_are_those_that_differences_give() -> None:
    net = new_nanodet().double()
    x = torch.randn(1, 3, 64, 64, dtype=torch.float64, generator=_generator())

    def loss() -> torch.Tensor:
        return flatten_grids(net(x)).square().mean()

    loss().backward()
    for name in ("backbone.stem.0.bias", "neck.laterals.1.bias", "heads.2.1.bias"):
        weights = net.get_parameter(name)
        assert weights.grad is not None
        step = 1e-6
        with torch.no_grad():
            weights[3] += step
            above = loss()
            weights[3] -= 2 * step
            below = loss()
            weights[3] += step
        assert weights.grad[3] == pytest.approx(((above - below) / (2 * step)).item(), rel=1e-4)


def test_a_frozen_base_stays_as_it_is_while_heads_learn_a_new_target() -> None:
    net = new_nanodet()
    before = {name: weights.clone() for name, weights in net.named_parameters()}
    freeze_blocks(net, 6)
    learning = [weights for weights in net.parameters() if weights.requires_grad]
    assert sum(weights.numel() for weights in learning) == sum(
        weights.numel() for weights in net.heads.parameters()
    )
    x = torch.randn(2, 3, 96, 96, generator=_generator())
    optimiser = torch.optim.SGD(learning, lr=1e-2)
    losses = []
    for _ in range(5):
        optimiser.zero_grad()
        loss = flatten_grids(net(x)).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.9 * losses[0]
    for name, weights in net.named_parameters():
        assert torch.equal(weights, before[name]) is not name.startswith("heads."), name


def test_a_copy_to_train_is_nobody_else_s() -> None:
    mine, shared = new_nanodet(), load_nanodet(CPU)
    name = "heads.0.1.bias"
    with torch.no_grad():
        mine.get_parameter(name).add_(1)
    assert not torch.equal(mine.get_parameter(name), shared.get_parameter(name))
    assert new_nanodet() is not new_nanodet()
    assert load_nanodet(CPU) is shared


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
