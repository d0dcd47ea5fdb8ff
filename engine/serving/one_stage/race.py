"""Trainings of a small RetinaNet that differ in γ alone. Imports no torch."""

from dataclasses import replace

from engine.serving.one_stage.contract import RaceQuestion
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults

NET = "retina_net"
OWN_SCENES, BATCH_SIZE = 800, 8


def settings_of(asked: RaceQuestion) -> dict[str, RunSettings]:
    """Both trainings by what tells them apart; one where γ is the same."""
    return {
        f"γ = {gamma:g}": _settings(gamma, asked)
        for gamma in dict.fromkeys((asked.first_gamma, asked.second_gamma))
    }


def _settings(gamma: float, asked: RaceQuestion) -> RunSettings:
    return RunSettings(
        data=DataSettings(SCENES),
        net=replace(net_defaults(NET), gamma=gamma),
        train=TrainSettings(
            epochs=asked.epochs,
            batch_size=BATCH_SIZE,
            learning_rate=asked.learning_rate,
            weight_decay=0.01,
            schedule="one_cycle",
        ),
        detector=DetectorSettings(OWN_SCENES),
    )
