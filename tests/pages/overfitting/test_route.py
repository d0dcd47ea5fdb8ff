"""What the Overfitting page is told: lessons, plans, and what a real run has memorised."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score
from starlette.testclient import TestClient
from torch.nn.utils import parameters_to_vector

from engine.data.datasets import load_digits
from engine.runs.events import EVENTS_FILE
from engine.runs.folder import create_run
from engine.runs.opening import open_net
from engine.runs.own_data import load_for_run
from engine.runs.recording import record
from engine.serving.comparisons.compute import name_comparison
from engine.serving.overfitting import compute as overfitting
from engine.serving.overfitting.contract import REMEDIES, PairQuestion, Question
from engine.serving.training import readers, workers
from engine.train.measuring import evaluate, predict
from engine.train.overfitting import NAMES, STRONG_GAP
from engine.train.settings import settings_from_dict
from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults

QUICK = {"per_class": 20, "label_noise": 20, "epochs": 12, "depth": 3}


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for runs."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path / "runs"))
    for each in (workers, readers):
        each.cache_clear()
    yield tmp_path / "runs"
    for each in (workers, readers):
        each.cache_clear()


def test_lessons_are_the_pictures_that_a_run_learns_from(ask: Callable) -> None:
    arrays, about = ask("overfitting", per_class=12, label_noise=25, imbalance=4)
    counts, wrong = arrays["counts"], arrays["wrong"]
    assert wrong.sum() == round(0.25 * counts.sum())
    settings = overfitting.choices_of(
        Question(per_class=12, label_noise=25, imbalance=4)
    ).settings()
    data = load_for_run(Path("unused"), settings)
    assert counts.tolist() == torch.bincount(data.train_targets, minlength=10).tolist()
    assert about["held"] == len(data.validation_targets)
    known = {image.numpy().tobytes() for image in data.train_images}
    assert all(picture.tobytes() in known for picture in arrays["pictures"])
    truth = {image.numpy().tobytes(): int(target) for image, target in zip(*_digits(), strict=True)}
    assert [truth[each.tobytes()] for each in arrays["pictures"]] == arrays["true"].tolist()


def _digits() -> tuple[torch.Tensor, torch.Tensor]:
    found = load_digits()
    return found.images, found.targets


@pytest.mark.parametrize(("net", "depth"), [("mlp", 1), ("mlp", 6), ("small_resnet", 2)])
def test_parameters_are_counted_on_the_network_itself(ask: Callable, net: str, depth: int) -> None:
    _, about = ask("overfitting", net=net, depth=depth)
    settings = (
        overfitting.choices_of(Question.model_validate({"net": net, "depth": depth})).settings().net
    )
    assert settings.name == net_defaults(net).name
    built = build_net(settings, (1, 8, 8), 10)
    assert about["parameters"] == sum(each.numel() for each in built.parameters())


def test_the_slider_ends_where_the_pictures_do(ask: Callable) -> None:
    _, about = ask("overfitting", data="faces")
    assert about["limits"]["per_class"] == {"low": 5, "high": 70}  # 30 of each 100 are held back
    arrays, _ = ask("overfitting", data="faces", per_class=2000, label_noise=0)
    assert arrays["counts"].tolist() == [70, 70]


@pytest.mark.parametrize("remedy", REMEDIES)
def test_the_two_trainings_differ_in_the_remedy_alone(ask: Callable, remedy: str) -> None:
    _, about = ask("overfitting/pair", remedy=remedy, **QUICK)
    own, other = (settings_from_dict(each["settings"]) for each in about["runs"])
    assert [each["label"] for each in about["runs"]] == ["own", remedy]
    differing = [
        (group, name)
        for group in ("data", "net", "train")
        for name, value in vars(getattr(own, group)).items()
        if value != getattr(getattr(other, group), name)
    ]
    assert len(differing) == 1
    assert own.seed == other.seed


def test_a_remedy_that_is_there_already_is_not_offered(ask: Callable) -> None:
    _, about = ask("overfitting/pair", remedy="augmentation", augment=True, per_class=2000)
    assert [each["label"] for each in about["runs"]] == ["own"]
    offered = about["limits"]["remedy"]["options"]
    assert "augmentation" not in offered
    assert "more_data" not in offered  # there are no more digits
    assert "dropout" in offered


def test_before_training_there_is_nothing_to_tell(ask: Callable, runs: Path) -> None:
    arrays, about = ask("overfitting/memory", **QUICK)
    assert arrays == {}
    assert [each["status"] for each in about["runs"]] == ["none", "none"]
    assert about["last"] == 0


def test_what_a_run_has_memorised(ask: Callable, runs: Path) -> None:
    settings = overfitting.choices_of(PairQuestion(per_class=20, epochs=12)).settings()
    run = create_run(settings, runs, name=name_comparison(settings))
    record(run.folder, torch.device("cpu"))
    arrays, about = ask("overfitting/memory", epoch=9, **QUICK)
    own = about["runs"][0]
    assert (own["status"], own["epoch"], about["last"]) == ("finished", 9, 12)
    opened, data = open_net(run.folder, 9), load_for_run(run.folder, settings)
    logits = predict(opened.net, data.train_images, opened.mean, opened.std)
    given, true = data.train_targets.numpy(), _true_labels(data.train_images)
    answers = logits.argmax(dim=1).numpy()
    is_right = given == true
    assert own["train_given"] == pytest.approx(accuracy_score(given, answers))
    assert own["train"] == pytest.approx(accuracy_score(true[is_right], answers[is_right]))
    assert own["gap"] == pytest.approx(own["train"] - own["validation"])
    assert own["repeated"] == int((answers == given)[~is_right].sum())
    weights = parameters_to_vector(opened.net.parameters()).detach().numpy().astype(np.float64)
    assert own["weight_norm"] == pytest.approx(np.linalg.norm(weights), rel=1e-5)
    losses = [each["validation"]["loss"] for each in _epochs(run.folder)]
    assert own["best_epoch"] == 1 + int(np.argmin(losses))
    assert own["validation"] == pytest.approx(evaluate(opened.net, data).accuracy)
    held = predict(opened.net, data.validation_images, opened.mean, opened.std).argmax(dim=1)
    is_three = data.validation_targets == 3
    assert own["by_class"][3] == pytest.approx((held[is_three] == 3).float().mean().item())
    facts = arrays["learnt_facts"]
    is_wrong = facts[:, 0] != facts[:, 1]
    assert (np.diff(is_wrong.astype(int)) <= 0).all()  # wrong labels first
    assert (facts[:, 2] >= 0.9).all()
    assert (arrays["failed_facts"][:, 0] != arrays["failed_facts"][:, 1]).all()
    assert own["wrong_labels"] == 40
    assert own["name"] in NAMES
    assert about["runs"][1]["status"] == "none"


def test_wrong_labels_refused_do_not_hide_what_was_memorised(ask: Callable, runs: Path) -> None:
    """Against labels as given this net is worse in training than on new pictures."""
    asked = {"label_noise": 50, "per_class": 20, "epochs": 12}
    choices = overfitting.pair_of(PairQuestion.model_validate(asked))["dropout"]
    run = create_run(choices.settings(), runs, name=name_comparison(choices.settings()))
    record(run.folder, torch.device("cpu"))
    _, about = ask("overfitting/memory", **asked)
    found = about["runs"][1]
    assert found["train_given"] - found["validation"] < found["noise"]
    assert found["gap"] > STRONG_GAP
    assert found["repeated"] / found["wrong_labels"] > found["chance"] + STRONG_GAP
    assert (found["gap_name"], found["repeated_name"], found["name"]) == ("strong",) * 3


def test_right_labels_are_not_said_to_be_repeated(ask: Callable, runs: Path) -> None:
    asked = {"label_noise": 0, "per_class": 10, "epochs": 2}
    settings = overfitting.choices_of(PairQuestion.model_validate(asked)).settings()
    run = create_run(settings, runs, name=name_comparison(settings))
    record(run.folder, torch.device("cpu"))
    _, about = ask("overfitting/memory", **asked)
    own = about["runs"][0]
    assert own["train"] == own["train_given"]
    assert own["name"] == own["gap_name"]
    assert "chance" not in own


def test_five_hundred_of_each_are_within_reach(ask: Callable) -> None:
    arrays, about = ask("overfitting", data="shapes32", per_class=500, label_noise=0)
    assert arrays["counts"].tolist() == [500] * 4
    assert about["limits"]["per_class"]["high"] == 2000


def _true_labels(images: torch.Tensor) -> np.ndarray:
    """Of digits as networks take them: uint8 (N, 1, 8, 8)."""
    truth = {image.numpy().tobytes(): int(target) for image, target in zip(*_digits(), strict=True)}
    return np.array([truth[image.permute(1, 2, 0).numpy().tobytes()] for image in images])


def _epochs(folder: Path) -> list[dict]:
    lines = (folder / EVENTS_FILE).read_text(encoding="utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == "epoch"]


@pytest.mark.parametrize(
    "wrong",
    [
        "?per_class=4", "?per_class=2001", "?per_class=x", "?data=imagenet", "?imbalance=0",
        "?imbalance=nan", "?label_noise=81", "?label_noise=0.5", "?net=vgg", "?depth=0", "?depth=7",
        "/pair?remedy=prayer", "/pair?epochs=0", "/pair?epochs=101", "/pair?dropout=1",
        "/pair?weight_decay=-1", "/pair?patience=21", "/pair?augment=often", "/pair?per_class=1",
        "/memory?which=both", "/memory?epoch=0", "/memory?epoch=101",
    ],
)  # fmt: skip
def test_wrong_values_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/overfitting{wrong}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
