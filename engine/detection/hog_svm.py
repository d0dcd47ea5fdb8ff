"""A template trained on a few boxes: HOG of the boxes against HOG of the rest of the picture.

A linear SVM draws the widest margin between objects and background. Its weights are a template,
what Felzenszwalb et al. call the root filter of a deformable part model. Background is endless, so
training starts with a sample of it, looks where the template is wrong, adds those windows (hard
negatives) and trains again.

Sources: Dalal & Triggs 2005 (linear SVM, hard negatives); Felzenszwalb et al. 2010 (root filter,
data-mining hard negatives); scikit-learn's ``LinearSVC`` (Fan et al., LIBLINEAR, 2008).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from sklearn.svm import LinearSVC
from torch import Tensor

from engine.detection.boxes import box_iou
from engine.detection.hog import Template
from engine.detection.hog_boxes import (
    box_features,
    check_drawn,
    check_objects,
    fit_to_cells,
    template_cells,
)
from engine.detection.hog_pyramid import HogPyramid, Windows
from engine.errors import InputError

#: A window that overlaps an object by less than this IoU is background.
BACKGROUND_IOU = 0.3
MOST_ADDED = 200  # hard negatives that one round adds: the worst
COSTS = (1e-4, 100.0)
_SEED = 0
_ITERATIONS = 100_000


@dataclass(frozen=True, eq=False)
class Examples:
    """What an SVM is trained on.

    Attributes:
        objects: float32 ``(P, 36, rows, columns)``, blocks of the learner's boxes.
        background: float32 ``(N, 36, rows, columns)``.
    """

    objects: Tensor
    background: Tensor


@dataclass(frozen=True, eq=False)
class Trained:
    """A linear SVM as a template.

    Attributes:
        template: weights and bias.
        objects: float32 ``(P,)``, decision values of the objects.
        background: float32 ``(N,)``, of the background.
        converged: whether the solver ended by itself.
    """

    template: Template
    objects: Tensor
    background: Tensor
    converged: bool

    def on_margin(self) -> tuple[int, int]:
        """Objects and background on the margin or on its wrong side: what the weights rest on."""
        slack = 1e-2  # the solver's own tolerance
        objects = int((self.objects <= 1 + slack).sum())
        return objects, int((self.background >= -1 - slack).sum())


def sample_background(windows: Windows, objects: Tensor, count: int, seed: int) -> Tensor:
    """Windows that are no object, drawn at random: int64 ``(K,)``, at most ``count``, each once.

    Raises:
        InputError: there is no such window.
    """
    free = is_background(windows.boxes, objects).nonzero()[:, 0]
    if not len(free):
        raise InputError("svm_no_background")
    order = torch.randperm(len(free), generator=torch.Generator().manual_seed(seed))
    return free[order[:count]].sort().values


def is_background(boxes: Tensor, objects: Tensor) -> Tensor:
    """Which boxes overlap no object by :data:`BACKGROUND_IOU` or more: bool ``(N,)``."""
    return (box_iou(boxes, objects) < BACKGROUND_IOU).all(dim=1)


def train_svm(examples: Examples, cost: float) -> Trained:
    """The template with the widest margin, at a price of ``cost`` for being on its wrong side.

    Objects are few and background is plenty, so a wrong object costs as much more.

    Args:
        examples: at least one of each kind.
        cost: the SVM's C; 0.0001 to 100.

    Raises:
        InputError: the cost is out of range.
        ValueError: nothing of a kind.
    """
    low, high = COSTS
    if not low <= cost <= high:
        raise InputError("value_out_of_range", name="C", low=low, high=high, value=cost)
    counts = [len(examples.objects), len(examples.background)]
    if not all(counts):
        raise ValueError(f"both kinds of examples are needed, not {counts}")
    x = torch.cat([examples.objects, examples.background]).flatten(1).double().numpy()
    y = np.repeat([1, -1], counts)
    svm = LinearSVC(
        C=cost,
        loss="hinge",
        class_weight="balanced",
        intercept_scaling=10,  # the bias is hardly pulled to 0
        tol=1e-3,
        max_iter=_ITERATIONS,
        random_state=_SEED,
    ).fit(x, y)
    decisions = torch.from_numpy(svm.decision_function(x)).float()
    weights = torch.from_numpy(svm.coef_[0]).float().reshape(examples.objects.shape[1:])
    return Trained(
        template=Template(weights, float(np.ravel(svm.intercept_)[0])),
        objects=decisions[: counts[0]],
        background=decisions[counts[0] :],
        converged=int(svm.n_iter_) < _ITERATIONS,
    )


@dataclass(frozen=True, eq=False)
class Round:
    """One training and what it got wrong.

    Attributes:
        trained: the SVM.
        response: float32 ``(N,)``, its response on every window of the picture.
        false: int64 ``(K,)``, background windows that it takes for the object, worst first.
        background: int64 ``(M,)``, the windows that it was trained on as background.
    """

    trained: Trained
    response: Tensor
    false: Tensor
    background: Tensor


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be learnt, and from which picture.

    Attributes:
        pyramid: of the picture.
        windows: all of its windows of the template's size.
        objects: float32 ``(P, 4)``, ``xyxy``, in the template's shape.
        examples: blocks of the objects, and of background drawn by hand, perhaps none.
        cost: the SVM's C.
    """

    pyramid: HogPyramid
    windows: Windows
    objects: Tensor
    examples: Examples
    cost: float


def set_task(
    picture: np.ndarray, pyramid: HogPyramid, boxes: Tensor, drawn: Tensor, cost: float
) -> Task:
    """Find the template's size and read the boxes.

    Args:
        picture: uint8 ``(H, W, 3)``.
        pyramid: of it.
        boxes: float32 ``(P, 4)``, of the objects.
        drawn: float32 ``(B, 4)``, of background; may be empty.
        cost: the SVM's C.

    Raises:
        InputError: boxes that cannot be trained on.
    """
    check_objects(boxes, pyramid.size)
    check_drawn(drawn, pyramid.size)
    cells = template_cells(boxes)
    objects = fit_to_cells(boxes, cells)
    examples = Examples(
        objects=box_features(picture, objects, cells),
        background=box_features(picture, fit_to_cells(drawn, cells), cells),
    )
    windows = pyramid.windows((cells[0] - 1, cells[1] - 1))
    return Task(pyramid, windows, objects, examples, cost)


def first_round(task: Task, background: Tensor) -> Round:
    """Train with these windows as background, and look where that is wrong.

    Args:
        task: objects and picture.
        background: int64 ``(M,)``, indices of windows.
    """
    own = task.examples
    shape = (own.objects.shape[2], own.objects.shape[3])
    seen = task.pyramid.features(task.windows, background, shape)
    whole = replace(own, background=torch.cat([own.background, seen]))
    trained = train_svm(whole, task.cost)
    response = task.pyramid.respond(trained.template)
    false = find_false(response, task.windows.boxes, task.objects)
    return Round(trained, response, false, background)


def next_round(task: Task, before: Round) -> Round:
    """Add the worst of what the round before got wrong to its background, and train again."""
    new = before.false[~torch.isin(before.false, before.background)][:MOST_ADDED]
    return first_round(task, torch.cat([before.background, new]))


def find_false(response: Tensor, boxes: Tensor, objects: Tensor) -> Tensor:
    """Background that a template takes for the object, worst first.

    Args:
        response: float32 ``(N,)``.
        boxes: float32 ``(N, 4)``, the windows.
        objects: float32 ``(P, 4)``.

    Returns:
        int64 ``(K,)``.
    """
    wrong = ((response > 0) & is_background(boxes, objects)).nonzero()[:, 0]
    return wrong[response[wrong].argsort(descending=True, stable=True)]
