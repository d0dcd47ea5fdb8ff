"""A place for runs, and one that trains in a second or two."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.runs.folder import Run, create_run
from engine.runs.recording import record
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

CPU = torch.device("cpu")
SETTINGS = RunSettings(
    data=DataSettings("digits", per_class=20, validation_share=0.1),
    net=replace(net_defaults("mlp"), width=8, depth=2),
    train=TrainSettings(epochs=3, batch_size=64, learning_rate=0.01, schedule="cosine"),
)  # 4 steps an epoch


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that ``FOVEA_RUNS`` names."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def make(root: Path) -> Callable[..., Run]:
    """Makes a run; ``net`` and other keywords replace settings of the groups "net" and "train"."""

    def create(
        owner: str | None = None,
        net: dict | None = None,
        visitor: str | None = None,
        **changes: object,
    ) -> Run:
        train = replace(SETTINGS.train, **changes)  # pyright: ignore[reportArgumentType]
        settings = replace(SETTINGS, train=train, net=replace(SETTINGS.net, **(net or {})))
        return create_run(settings, root, owner=owner, visitor=visitor)

    return create


@pytest.fixture
def trained(make: Callable[..., Run]) -> Run:
    """A finished run."""
    run = make()
    assert record(run.folder, CPU) == "finished"
    return run
