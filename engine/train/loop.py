"""The training loop: a generator of steps, and the state between two of them.

Style: nanochat's engine, a generator whose caller owns the loop. On the CPU a training is
deterministic: the same settings, data and seed give the same numbers, stopped in between or not.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from engine.device import report_out_of_memory
from engine.errors import InputError
from engine.train.augment import augment, make_transform
from engine.train.learning_data import LearningData, epoch_batches, normalise
from engine.train.measuring import Evaluation, LayerFacts, autocast, layer_facts
from engine.train.memory import check_memory
from engine.train.optimisers import make_optimiser
from engine.train.position import Position
from engine.train.schedules import learning_rate
from engine.train.seeding import generator, seeded
from engine.train.settings import RunSettings
from engine.train.tasks import make_task
from engine.trainable.choice import build_net

_READ_EVERY_CUDA = 16  # losses are read from a GPU together: each reading waits for it


@dataclass(frozen=True)
class Step:
    """One update.

    Attributes:
        step: how many updates there have been, >= 1.
        epoch: 1 for the first.
        loss, accuracy: of this batch, before the update.
        lr: the learning rate of the update.
        images_per_s: images learnt from per second, the time of whoever asks for steps left out.
        parts: losses by name that ``loss`` is made of, unweighted, where there are several.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    lr: float
    images_per_s: float
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class EpochEnd:
    """The end of an epoch.

    Attributes:
        epoch, step: 1 for the first; updates so far.
        loss, accuracy: of the training images, as they were met during the epoch.
        validation: of the validation images, now.
        layers: weights and gradients of each layer, by name.
        improved: whether no earlier epoch had so low a validation loss.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    validation: Evaluation
    layers: dict[str, LayerFacts]
    improved: bool


class Training:
    """A network while it learns.

    Args:
        settings: all that the training depends on, beside the data.
        data: pictures, moved to ``device``.
        device: where to compute.
        net: a network to go on with; by default a new one, drawn from the settings' seed.
        pretrained: False where a snapshot will replace what a backbone has learnt before.

    Raises:
        InputError: network, data and settings do not fit, or there is too little memory.
    """

    def __init__(
        self,
        settings: RunSettings,
        data: LearningData,
        device: torch.device,
        net: nn.Module | None = None,
        pretrained: bool = True,
    ) -> None:
        if settings.net.norm == "batch" and settings.train.batch_size == 1:
            raise InputError("batch_norm_needs_two")
        size = (data.input_shape, len(data.classes), len(data.train_images))
        check_memory(settings, *size, device, starting=True)
        self.settings, self.device = settings, device
        self.task = make_task(settings, data)
        with report_out_of_memory(device):
            if net is None:
                with seeded(torch.device("cpu"), settings.seed, "weights"):
                    net = build_net(settings.net, data.input_shape, len(data.classes), pretrained)
                if pretrained:
                    self.task.prepare(net)
            self.data = data.to(device)
            self.net = net.to(device).train()
            if device.type == "cuda":  # torch's overloads leave the memory format out
                self.net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.optimiser = make_optimiser(settings.train, self.net)
        self.position = Position()
        self._transform = make_transform(
            settings.train.augment, settings.train.augment_strength, data.input_shape[1:]
        )
        compiled = settings.train.compile and device.type == "cuda"
        self._forward = torch.compile(self.net) if compiled else self.net
        self._waiting: list[tuple[Step, Tensor, int]] = []
        self._since = 0.0

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or the validation loss has not fallen for ``patience``."""
        patience = self.settings.train.patience
        stale = bool(patience) and self.position.stale_epochs >= patience
        return self.position.epoch >= self.settings.train.epochs or stale

    @property
    def stopped_early(self) -> bool:
        """Whether it finished before its last epoch."""
        return self.finished and self.position.epoch < self.settings.train.epochs

    @property
    def steps_per_epoch(self) -> int:
        """Updates in an epoch."""
        count = torch.arange(len(self.data.train_targets))
        return len(epoch_batches(count, self.settings.train.batch_size))

    def batches(self) -> list[Tensor]:
        """The current epoch's batches, as indices of training images, int64 (batch,) each."""
        count = len(self.data.train_targets)
        order = torch.arange(count)
        if self.settings.train.shuffle:
            drawn = generator(self.settings.seed, "order", self.position.epoch)
            order = torch.randperm(count, generator=drawn)
        return epoch_batches(order.to(self.device), self.settings.train.batch_size)

    def update(self, indices: Tensor, steps_per_epoch: int) -> list[Step]:
        """One step of the optimiser on these training images; returns the steps now read."""
        began = time.perf_counter()
        at = self.position
        place = (self.settings.seed, "draws", at.epoch, at.batch)
        with seeded(self.device, *place), report_out_of_memory(self.device):
            images, targets = self.data.train_images[indices], self.data.train_targets[indices]
            if self._transform is not None:
                images = augment(images, self._transform)
            rate = learning_rate(
                self.settings.train, at.epoch * steps_per_epoch + at.batch, steps_per_epoch
            )
            measured = self._learn(images, targets, rate)
        at.step += 1
        at.batch += 1
        self._since += time.perf_counter() - began
        step = Step(at.step, at.epoch + 1, 0.0, 0.0, rate, 0.0)
        self._waiting.append((step, measured, len(indices)))
        full = len(self._waiting) >= _READ_EVERY_CUDA or at.batch == steps_per_epoch
        return self._read() if full or self.device.type != "cuda" else []

    def _learn(self, images: Tensor, targets: Tensor, rate: float) -> Tensor:
        """The update itself; returns loss, right answers and the losses' parts, on the device."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        with autocast(self.device):
            seen = normalise(images, self.data.mean, self.data.std)
            outputs = self._forward(*((seen, targets) if self.task.feeds_targets else (seen,)))
        outputs = outputs.float()
        loss, parts = self.task.losses(outputs, targets)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        right = self.task.count_right(outputs.detach(), targets)
        return torch.stack([loss.detach(), right.float(), *(part.detach() for part in parts)])

    def _read(self) -> list[Step]:
        """The steps that were waiting, with the losses that the device has by now."""
        began = time.perf_counter()
        values = torch.stack([measured for _, measured, _ in self._waiting]).tolist()
        self._since += time.perf_counter() - began
        images = sum(count for _, _, count in self._waiting)
        rate = images / max(self._since, 1e-9)
        steps = []
        for (step, _, count), (loss, right, *parts) in zip(self._waiting, values, strict=True):
            self.position.add(loss * count, right, count)
            named = dict(zip(self.task.parts, parts, strict=True))
            steps.append(Step(step.step, step.epoch, loss, right / count, step.lr, rate, named))
        self._waiting, self._since = [], 0.0
        return steps

    def close_epoch(self) -> EpochEnd:
        """Validates, measures the layers, and moves on to the next epoch."""
        at = self.position
        place = (self.settings.seed, "probe", at.epoch)
        with seeded(self.device, *place), report_out_of_memory(self.device):
            validation = self.task.evaluate(self.net, self.data)
            layers = layer_facts(
                self.net,
                self.data,
                lambda *pair: self.task.losses(*pair)[0],
                self.task.feeds_targets,
            )
        loss, accuracy = at.means()
        improved = at.close_epoch(validation.loss)
        return EpochEnd(at.epoch, at.step, loss, accuracy, validation, layers, improved)


def train(training: Training) -> Iterator[Step | EpochEnd]:
    """Learns until the training is finished, from wherever it stands.

    Yields:
        A :class:`Step` for each update and an :class:`EpochEnd` after each epoch. Between two of
        them the training may be looked at, saved, or left for good.

    Raises:
        InputError: the device has no memory left.
    """
    while not training.finished:
        batches = training.batches()
        for indices in batches[training.position.batch :]:
            yield from training.update(indices, len(batches))
        yield training.close_epoch()
