"""Learning rates against torch's own schedulers."""

import pytest
import torch
from torch.optim import lr_scheduler as oracle

from engine.train.schedules import learning_rate
from engine.train.settings import TrainSettings

PER_EPOCH = 7


def rates_of_torch(make: object, steps: int, rate: float) -> list[float]:
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = make(optimiser)  # pyright: ignore[reportCallIssue]
    rates = []
    for _ in range(steps):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize("epochs", [1, 2, 10])
@pytest.mark.parametrize(
    ("schedule", "make"),
    [
        ("constant", lambda n: lambda o: oracle.ConstantLR(o, 1.0, 1)),
        ("step", lambda n: lambda o: oracle.StepLR(o, 3 * PER_EPOCH, 0.1)),
        ("cosine", lambda n: lambda o: oracle.CosineAnnealingLR(o, n)),
        ("one_cycle", lambda n: lambda o: oracle.OneCycleLR(o, 0.3, n, cycle_momentum=False)),
    ],
)
def test_schedules_are_those_of_torch(schedule: str, make: object, epochs: int):
    settings = TrainSettings(schedule=schedule, learning_rate=0.3, epochs=epochs)
    steps = epochs * PER_EPOCH
    expected = rates_of_torch(make(steps), steps, 0.3)  # pyright: ignore[reportCallIssue]
    found = [learning_rate(settings, step, PER_EPOCH) for step in range(steps)]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_warming_up_is_that_of_torch():
    settings = TrainSettings(learning_rate=0.3, warmup_steps=5)
    expected = rates_of_torch(lambda o: oracle.LinearLR(o, 1 / 5, 1.0, 4), 10, 0.3)
    assert [learning_rate(settings, step, 10) for step in range(10)] == pytest.approx(expected)


def test_a_single_step_of_one_cycle_is_a_number():
    settings = TrainSettings(schedule="one_cycle", learning_rate=0.3, epochs=1)
    assert 0 < learning_rate(settings, 0, 1) <= 0.3
