"""Many pictures through a run's network: what each folder's pictures are taken for."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.progress import Progress
from engine.runs.folder import Run
from engine.serving.jobs import jobs
from engine.serving.own_sets import own_sets
from engine.serving.runs.epoch_view import EpochView, check_classifier, fit_to, open_at

if TYPE_CHECKING:
    from engine.data.data_set import DataSet
    from engine.runs.opening import OpenedNet

A_CELL, AT_MOST = 24, 480  # pictures that are shown of each cell of the table, and of all
_AT_A_TIME = 64


def classify_many(run: Run, epoch: int | None, token: str) -> EpochView | Progress[EpochView]:
    """Every picture of a learner's own set through a run's network, or how far that is.

    Args:
        run: a classifier's.
        epoch: epochs done at the checkpoint; None for the last.
        token: of :func:`engine.serving.own_sets.own_sets`.

    Raises:
        InputError: no such set or checkpoint, or the run is no classifier's.
    """
    check_classifier(run)
    data, opened = own_sets().get(token), open_at(run.folder, epoch)
    at = opened.checkpoint
    key = ("many", str(run.folder), run.created, at.epoch, at.step, token)
    return jobs().ask(key, lambda: _classify(opened, data))


def _classify(opened: "OpenedNet", data: "DataSet") -> Iterator[Progress[EpochView]]:
    probs, predicted = [], []
    for start in range(0, len(data), _AT_A_TIME):
        yield Progress(start, len(data))
        top, classes = _answer(opened, data.images[start : start + _AT_A_TIME].numpy())
        probs.append(top)
        predicted.append(classes)
    given, answers = data.targets.numpy(), np.concatenate(predicted)
    table = np.zeros((len(data.classes), len(opened.classes)), np.int32)
    np.add.at(table, (given, answers), 1)
    sure = np.concatenate(probs)
    chosen = _shown(given, answers, sure)
    facts = np.stack([given[chosen], answers[chosen], sure[chosen]], axis=1).astype(np.float32)
    pictures = np.stack([fit_to(opened, data.images[i].numpy()) for i in chosen])
    arrays = {"confusion": table, "pictures": pictures, "facts": facts}
    about = {
        "folders": data.classes,
        "classes": opened.classes,
        "epoch": opened.checkpoint.epoch,
        **_judge(data.classes, opened.classes, table),
    }
    yield Progress(len(data), len(data), EpochView(arrays, about))


def _answer(opened: "OpenedNet", pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each picture's largest probability, and its class; pictures are uint8 (n, H, W, 3)."""
    import torch

    from engine.serving.one_core import on_one_core

    fitted = np.stack([fit_to(opened, each) for each in pictures])
    batch = torch.from_numpy(fitted).permute(0, 3, 1, 2)

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            return opened.net(opened.prepare(batch)).softmax(dim=1)

    top, answers = on_one_core(forward).float().max(dim=1)
    return top.numpy(), answers.numpy()


def _shown(given: np.ndarray, answers: np.ndarray, sure: np.ndarray) -> list[int]:
    """The surest of each cell, at most ``A_CELL`` of one and ``AT_MOST`` of all."""
    shown: list[int] = []
    held: Counter[tuple[int, int]] = Counter()
    for i in np.argsort(-sure, kind="stable").tolist():
        cell = int(given[i]), int(answers[i])
        if held[cell] < A_CELL and len(shown) < AT_MOST:
            held[cell] += 1
            shown.append(i)
    return shown


def _judge(folders: tuple[str, ...], classes: tuple[str, ...], table: np.ndarray) -> dict[str, Any]:
    """Which folder is called like which class, and how many pictures of such folders are right."""
    by_name = {name.casefold(): k for k, name in enumerate(classes)}
    meant = [by_name.get(folder.casefold()) for folder in folders]
    pairs = [(row, column) for row, column in enumerate(meant) if column is not None]
    return {
        "meant": meant,
        "right": int(sum(table[row, column] for row, column in pairs)),
        "judged": int(sum(table[row].sum() for row, _ in pairs)),
    }
