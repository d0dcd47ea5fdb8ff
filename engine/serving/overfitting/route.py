"""What would be learnt from, two trainings, and what they know by heart: the Overfitting page."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.overfitting.contract import (
    FEWEST_PER_CLASS,
    MOST_PER_CLASS,
    MemoryQuestion,
    PairQuestion,
    Question,
)

if TYPE_CHECKING:
    import numpy as np

    from engine.serving.overfitting.compute import Choices, Memory

SHOWN_IN_ALL, FEWEST_SHOWN = 96, 16  # pictures sent to be shown, of all classes and of each
SHOWN_MEMORISED = 24

router = APIRouter(prefix="/overfitting", tags=["pages"])


@router.get("", response_class=Response)
def lessons(asked: Annotated[Question, Query()]) -> Response:
    """``pictures`` uint8 (n, H, W, C) with ``given`` and ``true`` uint8 (n,): some of each class.

    ``counts`` and ``wrong`` int32 (classes,): training pictures told to be of each class, and how
    many of these are not.

    Bound: 5 s of a core, 100 MiB.
    """
    import torch

    from engine.serving.overfitting import compute as overfitting

    choices, data = overfitting.choices_of(asked), overfitting.data_set(asked.data)
    found, classes = overfitting.parts(choices), len(data.classes)
    shown = max(FEWEST_SHOWN, SHOWN_IN_ALL // classes)
    rows = [(found.train_targets == each).nonzero()[:shown, 0] for each in range(classes)]
    chosen = torch.cat(rows)
    arrays = {
        "pictures": data.images[found.train[chosen]].numpy(),
        "given": found.train_targets[chosen].byte().numpy(),
        "true": data.targets[found.train[chosen]].byte().numpy(),
        "counts": torch.bincount(found.train_targets, minlength=classes).int().numpy(),
        "wrong": torch.bincount(found.train_targets[found.is_swapped], minlength=classes)
        .int()
        .numpy(),
    }
    most = overfitting.most_per_class(asked.data)
    about = {
        "classes": data.classes,
        "held": len(found.validation),
        "parameters": overfitting.count_parameters(asked.data, asked.net, asked.depth),
        "limits": {"per_class": {"low": FEWEST_PER_CLASS, "high": min(MOST_PER_CLASS, most)}},
    }
    return pack(arrays, about)


@router.get("/pair", response_class=Response)
def pair(asked: Annotated[PairQuestion, Query()]) -> Response:
    """The two trainings of the comparison: the setting as it is, and with one remedy.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.overfitting.compute import choices_of, pair_of, useful_remedies

    runs = {name: choices.settings() for name, choices in pair_of(asked).items()}
    limits = {"remedy": {"options": useful_remedies(choices_of(asked))}}
    return pack({}, {"runs": plan(runs), "limits": limits})


@router.get("/memory", response_class=Response)
def memory(asked: Annotated[MemoryQuestion, Query()]) -> Response:
    """``learnt`` and ``failed``, uint8 (n, H, W, C), of the training chosen, with their labels.

    ``learnt_facts`` float32 (n, 3): label given, true class, probability of the label given.
    ``failed_facts`` float32 (n, 3): true class, answer, its probability. Figures of both trainings
    are in ``about.runs``; before a training's first epoch has ended it has none.

    Bound: 5 s of a core, 200 MiB.
    """
    from engine.serving.overfitting import compute as overfitting
    from engine.train.overfitting import STRONG_GAP, SURE

    both = overfitting.pair_of(asked)
    states = {name: overfitting.look(choices, asked.epoch) for name, choices in both.items()}
    name = "own" if asked.which == "own" or len(both) == 1 else asked.remedy
    seen = states[name].memory
    data = overfitting.data_set(asked.data)
    last = max(state.last for state in states.values())
    about: dict[str, Any] = {
        "runs": [
            {
                "label": label,
                "status": state.status,
                "best_epoch": state.best,
                "patience": both[label].patience,
                **_figures(state.memory),
            }
            for label, state in states.items()
        ],
        "shown": name,
        "classes": data.classes,
        "last": last,
        "strong_gap": STRONG_GAP,
        "sure": SURE,
        "limits": {
            "epoch": {"low": 1, "high": max(1, last)},
            "which": {"options": ["own", "remedied"][: len(both)]},
        },
    }
    return pack(_pictures(seen, both[name]) if seen else {}, about)


def _figures(memory: "Memory | None") -> dict[str, Any]:
    """What is told of a training that has come so far."""
    if memory is None:
        return {}
    gap, known, repetition = memory.gap, memory.memorised, memory.repetition
    figures = {
        "epoch": memory.epoch,
        "name": memory.name,
        "train_given": known.accuracy,
        "train": gap.train,
        "validation": gap.validation,
        "gap": gap.gap,
        "noise": gap.noise,
        "gap_name": gap.name,
        "looked_at": memory.looked_at,
        "sure": len(known.indices),
        "wrong_labels": known.wrong_labels,
        "repeated": known.repeated,
        "weight_norm": memory.weight_norm,
        "by_class": memory.by_class,
    }
    if repetition:
        figures |= {"chance": repetition.chance, "repeated_name": repetition.name}
    return figures


def _pictures(memory: "Memory", choices: "Choices") -> "dict[str, np.ndarray]":
    import numpy as np

    from engine.serving.overfitting import compute as overfitting

    data, found = overfitting.data_set(choices.data), overfitting.parts(choices)
    learnt = memory.memorised.indices[:SHOWN_MEMORISED]
    given, true = found.train_targets[learnt], data.targets[found.train[learnt]]
    probs = memory.memorised.probs[: len(learnt)]
    failed = found.validation[[each.index for each in memory.mistakes]]
    facts = [(each.target, each.predicted, each.prob) for each in memory.mistakes]
    return {
        "learnt": data.images[found.train[learnt]].numpy(),
        "learnt_facts": np.stack([given.numpy(), true.numpy(), probs.numpy()], 1).astype("float32"),
        "failed": data.images[failed].numpy(),
        "failed_facts": np.array(facts, np.float32).reshape(-1, 3),
    }
