"""Two nets on the same batches, side by side: who learns, and whose first layers move?

The caller owns the loop: :meth:`Race.advance` trains as far as it is asked to, so that a page can
draw the curves while they grow. The same settings give the same race.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from engine.neurons.depth import DepthSettings, build_deep_net
from engine.train.gradients import layer_weights, norm
from engine.train.losses import cross_entropy
from engine.train.seeding import generator

BATCH = 64
LONGEST = 400


@dataclass
class _Runner:
    net: nn.Module
    optimiser: torch.optim.Optimizer
    start: list[Tensor]
    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)

    def step(self, images: Tensor, targets: Tensor) -> None:
        logits = self.net(images)
        loss = cross_entropy(logits, targets)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.losses.append(loss.item())
        self.accuracies.append((logits.argmax(dim=1) == targets).float().mean().item())

    def moved(self) -> Tensor:
        """float64 ``(depth,)``: ‖W − W₀‖ / ‖W₀‖ of each linear layer."""
        now = layer_weights(self.net).values()
        return torch.stack([norm(w - w0) / norm(w0) for w, w0 in zip(now, self.start, strict=True)])


class Race:
    """Nets that are trained step by step on the same batches.

    Args:
        settings: one net each.
        images: float ``(N, C, H, W)``, normalised; N >= 64.
        targets: int64 ``(N,)``.
        rate: learning rate of plain stochastic gradient descent, without momentum.
    """

    def __init__(
        self, settings: list[DepthSettings], images: Tensor, targets: Tensor, rate: float
    ) -> None:
        self._images, self._targets = images, targets
        self._draw = generator(0, "race")
        classes = int(targets.max()) + 1
        self._runners = [self._enter(one, classes, rate) for one in settings]

    def _enter(self, settings: DepthSettings, classes: int, rate: float) -> _Runner:
        pixels = tuple(self._images.shape[1:])
        net = build_deep_net(settings, pixels, classes)  # type: ignore[arg-type]
        start = [weight.clone() for weight in layer_weights(net).values()]
        return _Runner(net, torch.optim.SGD(net.parameters(), lr=rate), start)

    @property
    def steps(self) -> int:
        """How many steps have been made."""
        return len(self._runners[0].losses)

    def advance(self, until: int) -> None:
        """Train all nets up to step ``until``, at most 400; a batch is the same for all."""
        while self.steps < min(until, LONGEST):
            picked = torch.randint(len(self._images), (BATCH,), generator=self._draw)
            for runner in self._runners:
                runner.step(self._images[picked], self._targets[picked])

    def losses(self) -> Tensor:
        """float32 ``(nets, steps)``: cross-entropy of each batch before its step."""
        return torch.tensor([runner.losses for runner in self._runners])

    def accuracies(self) -> Tensor:
        """float32 ``(nets, steps)`` in [0, 1]: share of each batch that was right."""
        return torch.tensor([runner.accuracies for runner in self._runners])

    def moved(self) -> list[Tensor]:
        """For each net float64 ``(depth,)``: how far each layer's weights moved, relative."""
        return [runner.moved() for runner in self._runners]
