"""A training between two steps, as tensors and plain facts: enough to go on bit for bit.

There is no state of a random generator in it: what is drawn depends on the seed and the position
alone (:mod:`engine.train.seeding`), and both are here.
"""

from dataclasses import dataclass, fields
from typing import Any

from torch import Tensor

from engine.errors import InputError
from engine.train.loop import Training
from engine.train.optimisers import fill_optimiser, optimiser_tensors
from engine.train.position import Position

_PREFIX = "net."


@dataclass(frozen=True)
class Snapshot:
    """What a checkpoint holds.

    Attributes:
        tensors: "net.<name>" and "optimiser.<index>.<name>" → tensor on the CPU.
        facts: "position", "settings", "classes", "input_shape", "mean", "std", as JSON takes them.
    """

    tensors: dict[str, Tensor]
    facts: dict[str, Any]

    @property
    def net_tensors(self) -> dict[str, Tensor]:
        """The network's parameters and buffers by their own names."""
        found = self.tensors.items()
        return {k.removeprefix(_PREFIX): v for k, v in found if k.startswith(_PREFIX)}


def capture(training: Training) -> Snapshot:
    """The training as it stands; tensors are copies."""
    state = {_PREFIX + k: v for k, v in training.net.state_dict().items()}
    state |= optimiser_tensors(training.optimiser)
    data = training.data
    return Snapshot(
        tensors={k: v.detach().cpu().clone().contiguous() for k, v in state.items()},
        facts={
            "position": training.position.to_dict(),
            "settings": training.settings.to_dict(),
            "classes": list(data.classes),
            "input_shape": list(data.input_shape),
            "mean": data.mean.tolist(),
            "std": data.std.tolist(),
        },
    )


def restore(training: Training, snapshot: Snapshot) -> None:
    """Puts the training where the snapshot was taken; the settings may differ (a fork).

    Where the optimiser or what it moves is different it starts without memory, and where what makes
    up an epoch is different, an epoch under way starts again. The count of epochs without progress
    starts anew in any fork.

    Raises:
        InputError: the snapshot is of another network.
    """
    load_net(training.net, snapshot)
    now, then = training.settings.to_dict(), snapshot.facts["settings"]
    at = training.position = read_position(snapshot.facts)
    same_rule = now["train"]["optimiser"] == then["train"]["optimiser"]
    if same_rule and now["net"]["frozen_blocks"] == then["net"]["frozen_blocks"]:
        fill_optimiser(training.optimiser, snapshot.tensors)
    if now != then:
        at.best_loss, at.stale_epochs = None, 0
        alike = all(now["train"][k] == then["train"][k] for k in ("batch_size", "shuffle"))
        if not alike or now["data"] != then["data"] or now["seed"] != then["seed"]:
            at.restart_epoch()


def load_net(net: Any, snapshot: Snapshot) -> None:
    """Fills a network's parameters and buffers from a snapshot.

    Raises:
        InputError: names or shapes differ.
    """
    tensors = snapshot.net_tensors
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    wanted = {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}
    if shapes != wanted:
        differing = sorted(n for n in shapes | wanted if shapes.get(n) != wanted.get(n))
        raise InputError("checkpoint_other_net", layer=differing[0], count=len(differing))
    net.load_state_dict(tensors)


def read_position(facts: dict[str, Any]) -> Position:
    """The position in a snapshot's facts.

    Raises:
        InputError: it is not one.
    """
    values = facts.get("position")
    names = {field.name for field in fields(Position)}
    numbers = isinstance(values, dict) and all(
        isinstance(v, int | float) or (k == "best_loss" and v is None) for k, v in values.items()
    )
    if not isinstance(values, dict) or set(values) != names or not numbers:
        raise InputError("checkpoint_damaged", name="position")
    return Position(**values)
