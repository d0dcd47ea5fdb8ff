"""How far a training has come, and what it needs to remember for the epoch it is in."""

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass
class Position:
    """Where a training stands.

    Attributes:
        epoch: epochs done.
        batch: batches done in the epoch that is under way.
        step: updates done.
        loss_sum, right, seen: loss times images, right answers and images in this epoch so far.
        best_loss: least validation loss so far, None before the first epoch's end.
        stale_epochs: epochs since then.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    right: float = 0.0
    seen: int = 0
    best_loss: float | None = None
    stale_epochs: int = 0

    def add(self, loss_sum: float, right: float, count: int) -> None:
        """Counts a batch: its loss times its images, its right answers, its images."""
        self.loss_sum += loss_sum
        self.right += right
        self.seen += count

    def means(self) -> tuple[float, float]:
        """Loss and accuracy of the images of this epoch so far."""
        return self.loss_sum / self.seen, self.right / self.seen

    def close_epoch(self, validation_loss: float) -> bool:
        """Moves to the next epoch; returns whether the validation loss is the least so far."""
        improved = math.isfinite(validation_loss) and (
            self.best_loss is None or validation_loss < self.best_loss
        )
        self.best_loss = validation_loss if improved else self.best_loss
        self.stale_epochs = 0 if improved else self.stale_epochs + 1
        self.epoch += 1
        self.restart_epoch()
        return improved

    def restart_epoch(self) -> None:
        """Forgets the epoch under way."""
        self.batch, self.loss_sum, self.right, self.seen = 0, 0.0, 0.0, 0

    def to_dict(self) -> dict[str, Any]:
        """The position as JSON takes it."""
        return asdict(self)
