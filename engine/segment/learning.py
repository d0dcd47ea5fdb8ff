"""How nets learn to segment: on scenes drawn for each step, so that none is met twice.

Scenes of all difficulties take turns, the nets being shown to learners who move those sliders. A
training can be stopped after any step and taken up again from its file: the same steps follow.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.data.panoptic_scenes import PanopticScene, PanopticSettings, draw_panoptic_scene
from engine.errors import InputError
from engine.segment.panoptic_net import normalise
from engine.segment.targets import stack_pictures
from engine.train.optimisers import fill_optimiser, make_optimiser, optimiser_tensors
from engine.train.schedules import learning_rate
from engine.train.seeding import seeded
from engine.train.settings import TrainSettings

#: Seeds of the scenes: those learnt from, and those that nobody ever learns from.
LEARNT_SEED, HELD_OUT_SEED = 0, 1
STEPS_BETWEEN_SAVES = 100
_NET, _STEP = "net.", "step"


@dataclass(frozen=True)
class Recipe:
    """What the weights depend on, beside net, losses and scenes.

    Attributes:
        steps: updates, >= 1.
        batch_size: scenes a step.
        peak: largest learning rate, of AdamW; it rises at first, then falls along a cosine.
        warmup_steps: steps in which the rate rises from 0.
        weight_decay: of AdamW.
        seed: of the first weights.
    """

    steps: int
    batch_size: int = 8
    peak: float = 4e-3
    warmup_steps: int = 60
    weight_decay: float = 0.02
    seed: int = 0


#: What is minimised, a scalar, and its parts by name, of a net's outputs and the scenes.
Losses = Callable[[object, Sequence[PanopticScene]], tuple[Tensor, dict[str, Tensor]]]


def learnt_scene(index: int) -> PanopticScene:
    """Scene number ``index`` (>= 0) of all that are met: difficulty and overlap take turns."""
    settings = PanopticSettings(
        things=(1, 8), difficulty=0.2 * (index % 4), overlap=0.15 * (index // 4 % 4)
    )
    return draw_panoptic_scene(LEARNT_SEED, index, settings)


class SceneTraining:
    """A net while it learns, on the CPU.

    Args:
        recipe: how.
        make_net: draws the first weights from torch's global generator.
        losses: what is minimised.

    Attributes:
        net: in training mode.
        step: updates so far.
    """

    def __init__(self, recipe: Recipe, make_net: Callable[[], nn.Module], losses: Losses) -> None:
        self.recipe, self.step, self._losses = recipe, 0, losses
        with seeded(torch.device("cpu"), recipe.seed, "weights"):
            self.net = make_net()
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
        """One step; returns the parts of the loss before it, by name."""
        first = self.step * self.recipe.batch_size
        scenes = [learnt_scene(first + index) for index in range(self.recipe.batch_size)]
        pictures = normalise(stack_pictures(scenes)).contiguous(memory_format=torch.channels_last)
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(self._rates, self.step, self.recipe.steps)
        loss, parts = self._losses(self.net(pictures), scenes)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._optimiser.step()
        self.step += 1
        return {name: part.item() for name, part in parts.items()}

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


def learn(training: SceneTraining, seconds: float, stands_at: Path) -> bool:
    """Learn until all steps are done or the time is over.

    Args:
        training: goes on from ``stands_at`` where that file is.
        seconds: how long.
        stands_at: where the training is kept meanwhile.

    Returns:
        Whether all steps are done.
    """
    until = time.monotonic() + seconds
    if stands_at.exists():
        training.load(stands_at)
    while not training.finished and time.monotonic() < until:
        training.update()
        if training.step % STEPS_BETWEEN_SAVES == 0:
            training.save(stands_at)
    training.save(stands_at)
    return training.finished
