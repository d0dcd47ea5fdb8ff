"""What the Augmentation page's stages are told."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import ttest_rel
from skimage.transform import rotate
from sklearn.metrics import accuracy_score
from starlette.testclient import TestClient

from engine.data.datasets import load_digits
from engine.pictures import sample
from engine.runs.folder import create_run
from engine.runs.limits import Limits
from engine.runs.opening import open_net
from engine.runs.recording import record
from engine.serving.augmentation.compute import SAMPLES, augmentations_of
from engine.serving.augmentation.contract import (
    MOST_SEEDS,
    STRENGTHS,
    Augmented,
    CompareQuestion,
)
from engine.serving.comparisons.compute import MOST_AT_ONCE, name_comparison
from engine.train.augment_samples import draw_samples
from engine.train.feeding import load_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.measuring import predict
from engine.train.settings import AUGMENTATIONS, RunSettings, settings_from_dict

approx = partial(pytest.approx, abs=1e-6)  # curves are kept in 32 bits


@pytest.fixture
def ask(ask: Callable) -> Callable:
    """Ask with every strength at 0 that is not named: the page begins with some of them."""
    return lambda path, **params: ask(path, **{"flip": 0, "rotate": 0} | params)


def test_the_samples_are_the_engines(ask: Callable) -> None:
    arrays, about = ask("augmentation", picture="chelsea", flip=0.5, rotate=0.4, colour=0.3)
    original = torch.from_numpy(arrays["original"].copy()).permute(2, 0, 1)
    names = ("flip:0.5", "rotate:0.4", "colour:0.3")
    for k, expected in enumerate(draw_samples(original, names, 0.5, 0, SAMPLES)):
        np.testing.assert_array_equal(arrays["samples"][k].transpose(2, 0, 1), expected.image)
        told = [draw["values"] for draw in about["draws"][k]]
        assert told == [draw.values for draw in expected.draws]
    assert [name for name, _, _ in about["verdicts"]] == ["flip", "rotate", "colour"]


def test_the_angle_told_is_the_one_that_scikit_image_turns_by(ask: Callable) -> None:
    """Inside the circle that stays in the picture; both interpolate linearly, but round apart."""
    arrays, about = ask("augmentation", picture="chelsea", rotate=1)
    side = arrays["original"].shape[0]
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    inside = rows**2 + columns**2 < (0.45 * side) ** 2
    for k in range(3):
        degrees = about["draws"][k][0]["values"]["degrees"]
        turned = rotate(arrays["original"], degrees, order=1, preserve_range=True)
        assert np.abs(arrays["samples"][k] - turned)[inside].mean() < 2


def test_nothing_chosen_is_the_picture_itself(ask: Callable) -> None:
    arrays, about = ask("augmentation", picture="chelsea")
    pixels = sample("chelsea").pixels
    assert arrays["original"].shape == (96, 96, 3)
    assert abs(arrays["original"].mean() - pixels[:, 75:375].mean()) < 3
    assert (arrays["samples"] == arrays["original"]).all()
    assert about["draws"] == [[]] * SAMPLES


def test_a_digit_is_scikit_learns(ask: Callable) -> None:
    arrays, about = ask("augmentation", picture="chelsea", subject="digit", flip_vertical=1)
    data = load_digits()
    three = data.images[int((data.targets == 3).nonzero()[0])].numpy()
    np.testing.assert_array_equal(arrays["original"], three.repeat(3, axis=2))
    assert (arrays["samples"] == arrays["original"][::-1]).all()
    assert about["verdicts"] == [["flip_vertical", "lost", "flip_vertical_digit"]]


def test_policies_tell_operations_and_lock_the_magnitude(ask: Callable) -> None:
    _, about = ask("augmentation", picture="chelsea", policy="rand_augment", magnitude=0.2)
    assert all(len(draws[0]["operations"]) == 2 for draws in about["draws"])
    assert about["limits"]["magnitude"]["disabled"] is False
    _, about = ask("augmentation", picture="chelsea", policy="trivial_augment")
    assert about["limits"]["magnitude"]["disabled"] is True


def test_another_seed_is_another_draw(ask: Callable) -> None:
    one, _ = ask("augmentation", picture="chelsea", rotate=1)
    same, _ = ask("augmentation", picture="chelsea", rotate=1)
    other, _ = ask("augmentation", picture="chelsea", rotate=1, seed=1)
    assert (one["samples"] == same["samples"]).all()
    assert not (one["samples"] == other["samples"]).all()


def planned(about: dict) -> dict[str, RunSettings]:
    """The settings of a comparison's runs, by label."""
    return {run["label"]: settings_from_dict(run["settings"]) for run in about["runs"]}


def test_the_comparison_trains_with_what_is_shown(ask: Callable, runs: Path) -> None:
    asked = {"subject": "digit", "rotate": 0.25, "policy": "rand_augment", "magnitude": 0.7}
    _, about = ask("augmentation/compare", per_class=15, seeds=2, picture="chelsea", **asked)
    found = planned(about)
    assert list(found) == ["without-0", "with-0", "without-1", "with-1"]
    assert found["without-0"].train.augment == ()
    assert found["with-0"].train.augment == ("rotate:0.25", "rand_augment:0.7")
    assert found["with-0"].data.name == "digits"
    assert found["with-0"].data.per_class == 15
    assert found["with-0"].train.epochs == CompareQuestion().epochs
    assert [run["name"] for run in about["runs"]] == [
        name_comparison(each) for each in found.values()
    ]
    assert about["outcome"] is None


def test_a_pair_differs_in_the_augmentations_alone_and_pairs_in_the_seed(
    ask: Callable, runs: Path
) -> None:
    _, about = ask("augmentation/compare", subject="digit", per_class=5, rotate=0.4)
    found = planned(about)
    assert len(found) == 2 * CompareQuestion().seeds
    pictures = {}
    for label, settings in found.items():
        seed = int(label.split("-")[1])
        bare = replace(settings, train=replace(settings.train, augment=()), seed=0)
        assert bare == found["without-0"]
        assert settings.seed == seed
        data = load_learning_data(settings, load_digits())
        seen = data.train_images.numpy().tobytes(), data.validation_images.numpy().tobytes()
        assert pictures.setdefault(seed, seen) == seen
    assert len(set(pictures.values())) == len(pictures)


def test_both_sides_learn(ask: Callable, runs: Path) -> None:
    _, about = ask("augmentation/compare", per_class=5, subject="digit", rotate=0.3, seeds=1)
    losses = []
    for settings in planned(about).values():
        short = replace(settings, train=replace(settings.train, epochs=2))
        training = Training(short, load_learning_data(short, load_digits()), torch.device("cpu"))
        losses.append([each.loss for each in train(training) if isinstance(each, EpochEnd)])
    assert losses[0][0] != losses[1][0]  # other pictures from the first batch on
    assert all(later < first for first, later in losses)


def test_nothing_switched_on_is_one_side_only(ask: Callable, runs: Path) -> None:
    _, about = ask("augmentation/compare", seeds=2)
    assert list(planned(about)) == ["without-0", "without-1"]
    assert about["outcome"] is None


def train_to_the_end(settings: RunSettings, root: Path) -> Path:
    run = create_run(settings, root, name=name_comparison(settings))
    record(run.folder, torch.device("cpu"))
    return run.folder


def accuracy_at_the_end(folder: Path, settings: RunSettings) -> float:
    """Measured anew: the last checkpoint on the validation pictures, counted by scikit-learn."""
    opened, data = open_net(folder), load_learning_data(settings, load_digits())
    logits = predict(opened.net, data.validation_images, opened.mean, opened.std)
    return accuracy_score(data.validation_targets, logits.argmax(dim=1))


def test_the_outcome_is_that_of_the_pairs_that_have_ended(ask: Callable, runs: Path) -> None:
    asked = {"subject": "digit", "per_class": 5, "epochs": 5, "seeds": 2, "rotate": 1}
    found = planned(ask("augmentation/compare", **asked)[1])
    measured = {}
    for label in ("without-0", "with-0", "without-1"):
        measured[label] = accuracy_at_the_end(train_to_the_end(found[label], runs), found[label])
    one = ask("augmentation/compare", **asked)[1]["outcome"]
    assert one["pairs"] == [[0, approx(measured["without-0"]), approx(measured["with-0"])]]
    assert (one["count"], one["half_width"]) == (1, 0)  # the second pair is not whole
    assert one["verdict"] in ("alone", "same")
    measured["with-1"] = accuracy_at_the_end(
        train_to_the_end(found["with-1"], runs), found["with-1"]
    )
    two = ask("augmentation/compare", **asked)[1]["outcome"]
    before = [measured["without-0"], measured["without-1"]]
    after = [measured["with-0"], measured["with-1"]]
    assert [pair[1:] for pair in two["pairs"]] == [
        [approx(a), approx(b)] for a, b in zip(before, after, strict=True)
    ]
    low, high = ttest_rel(after, before).confidence_interval(0.95)
    assert two["held"] == 539  # three tenths of the digits
    assert two["half_width"] == approx(max((high - low) / 2, 1 / 539))
    assert two["difference"] == approx((low + high) / 2)
    assert two["verdict"] in ("helps", "harms", "undecided", "same")


def test_all_seeds_can_be_begun_at_once(ask: Callable, runs: Path) -> None:
    _, about = ask("augmentation/compare", seeds=MOST_SEEDS, rotate=0.4)
    assert len(about["runs"]) <= min(MOST_AT_ONCE, Limits().waiting_per_visitor)
    with pytest.raises(AssertionError):
        ask("augmentation/compare", seeds=MOST_SEEDS + 1)


def test_every_slider_is_an_augmentation() -> None:
    everything = augmentations_of(
        Augmented.model_validate(dict.fromkeys(STRENGTHS, 1.0) | {"policy": "auto_augment"})
    )
    assert {each.split(":")[0] for each in everything} <= set(AUGMENTATIONS)
    assert len(everything) == 10
    assert augmentations_of(Augmented(flip=0, rotate=0)) == ()


@pytest.mark.parametrize(
    "wrong",
    ["flip=1.1", "rotate=-1", "zoom=x", "erase=nan", "policy=all", "magnitude=2", "subject=dog"],
)
@pytest.mark.parametrize("path", ["", "/compare"])
def test_wrong_values_get_a_sentence(api: TestClient, path: str, wrong: str) -> None:
    answer = api.get(f"/api/v1/augmentation{path}?picture=chelsea&{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    "wrong",
    ["?picture=nobody", "?picture=chelsea&seed=100", "/compare?per_class=4", "/compare?seeds=0"],
)
def test_wrong_pictures_and_counts_get_a_sentence(api: TestClient, wrong: str) -> None:
    answer = api.get(f"/api/v1/augmentation{wrong}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
