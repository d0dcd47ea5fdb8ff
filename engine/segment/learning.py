"""How the panoptic net learns: on scenes drawn for each step, so that none is met twice.

Scenes of all difficulties take turns, the net being shown to learners who move those sliders. A
training can be stopped after any step and taken up again from its file: the same steps follow.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.data.panoptic_scenes import (
    CATEGORIES,
    PanopticScene,
    PanopticSettings,
    draw_panoptic_scene,
)
from engine.errors import InputError
from engine.segment.losses import LossWeights, panoptic_losses, weighted_sum
from engine.segment.panoptic_net import PanopticNet, normalise
from engine.segment.targets import make_targets, stack_pictures
from engine.train.optimisers import fill_optimiser, make_optimiser, optimiser_tensors
from engine.train.schedules import learning_rate
from engine.train.seeding import seeded
from engine.train.settings import TrainSettings

#: Seeds of the scenes: those learnt from, and those that nobody ever learns from.
LEARNT_SEED, HELD_OUT_SEED = 0, 1
_NET, _STEP = "net.", "step"


@dataclass(frozen=True)
class Recipe:
    """All that the weights depend on, beside the scenes.

    Attributes:
        steps: updates, >= 1.
        batch_size: scenes a step.
        peak: largest learning rate, of AdamW; it rises at first, then falls along a cosine.
        warmup_steps: steps in which the rate rises from 0.
        weight_decay: of AdamW.
        weights: of the losses. Offsets weigh ten times the paper's: ours are a tenth as long.
        seed: of the first weights.
    """

    steps: int = 2600
    batch_size: int = 8
    peak: float = 4e-3
    warmup_steps: int = 60
    weight_decay: float = 0.02
    weights: LossWeights = field(default_factory=lambda: LossWeights(offset=0.1))
    seed: int = 0


def learnt_scene(index: int) -> PanopticScene:
    """Scene number ``index`` (>= 0) of all that are met: difficulty and overlap take turns."""
    settings = PanopticSettings(
        things=(1, 8), difficulty=0.2 * (index % 4), overlap=0.15 * (index // 4 % 4)
    )
    return draw_panoptic_scene(LEARNT_SEED, index, settings)


class PanopticTraining:
    """A panoptic net while it learns, on the CPU.

    Attributes:
        net: in training mode.
        step: updates so far.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.step = recipe, 0
        with seeded(torch.device("cpu"), recipe.seed, "weights"):
            self.net = PanopticNet(len(CATEGORIES))
        self.net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._rates = TrainSettings(
            epochs=1,
            learning_rate=recipe.peak,
            weight_decay=recipe.weight_decay,
            schedule="cosine",
            warmup_steps=recipe.warmup_steps,
        )
        self._optimiser = make_optimiser(self._rates, self.net)

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.step >= self.recipe.steps

    def update(self) -> dict[str, float]:
        """One step; returns the losses before it, unweighted, by name."""
        first = self.step * self.recipe.batch_size
        scenes = [learnt_scene(first + index) for index in range(self.recipe.batch_size)]
        pictures = normalise(stack_pictures(scenes)).contiguous(memory_format=torch.channels_last)
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(self._rates, self.step, self.recipe.steps)
        losses = panoptic_losses(self.net(pictures), make_targets(scenes))
        self._optimiser.zero_grad(set_to_none=True)
        weighted_sum(losses, self.recipe.weights).backward()
        self._optimiser.step()
        self.step += 1
        return {name: loss.item() for name, loss in losses.items()}

    def save(self, path: Path) -> None:
        """Writes where the training stands; a half-written file never takes the place of one."""
        tensors = {f"{_NET}{name}": each for name, each in self.net.state_dict().items()}
        tensors |= optimiser_tensors(self._optimiser)
        half = path.with_suffix(".half")
        plain = {name: each.detach().contiguous() for name, each in tensors.items()}
        save_file(plain, half, metadata={_STEP: str(self.step)})
        os.replace(half, path)

    def load(self, path: Path) -> None:
        """Goes on from what :meth:`save` wrote.

        Raises:
            InputError: the file is missing, damaged, or of another net.
        """
        try:
            with safe_open(path, framework="pt") as file:
                step = int((file.metadata() or {})[_STEP])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            state = {n.removeprefix(_NET): t for n, t in tensors.items() if n.startswith(_NET)}
            self.net.load_state_dict(state)
            fill_optimiser(self._optimiser, tensors)
        except (OSError, SafetensorError, KeyError, ValueError, RuntimeError):
            raise InputError("checkpoint_damaged", name=path.name) from None
        self.step = step
