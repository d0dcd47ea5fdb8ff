"""Training studio, in both languages, with legal and hostile links."""

from pathlib import Path

import pytest
import torch

from engine.data.data_set import DataSet
from engine.runs.folder import create_run
from engine.runs.recording import record
from engine.serving.own_sets import own_sets
from engine.serving.training import readers, workers
from engine.train.settings import settings_from_dict
from tests.pages.conftest import OpenPage

PATH = "training/training_studio"
STAGE, RUNS = "training_studio_state", "training_studio_runs_state"


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for runs."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path))
    workers.cache_clear()
    readers.cache_clear()
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "What does a network"), ("ko", "신경망은 배우는")]
)
def test_the_page_opens_without_any_run(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, net="lenet", data="digits")
    assert app.title[0].value.startswith(title)
    assert app.session_state[STAGE]["values"]["net"] == "lenet"
    assert app.session_state[RUNS]["values"] == {"names": ""}


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, net="<b>", epochs="1e9", names="../../etc,x", started="a b", own="guess", data="own"
    )
    values = app.session_state[STAGE]["values"]
    assert (values["net"], values["epochs"], values["data"]) == ("small_vgg", 6, "shapes32")
    assert values["started"] == ""
    assert app.session_state[RUNS]["values"] == {"names": ""}


@pytest.mark.parametrize(("lang", "word"), [("en", "no run"), ("ko", "없습니다")])
def test_a_run_that_is_gone_is_a_sentence(open_page: OpenPage, lang: str, word: str) -> None:
    app = open_page(PATH, lang, names="nonesuch-0001")
    assert word in app.info[0].value


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_finished_run_is_opened(open_page: OpenPage, runs: Path, lang: str) -> None:
    small = {"data": {"name": "digits", "per_class": 5}, "net": {"name": "softmax"}}
    run = create_run(settings_from_dict({**small, "train": {"epochs": 2}}), runs)
    record(run.folder, torch.device("cpu"))
    app = open_page(PATH, lang, names=run.name, ended_epoch="2", follow="0")
    assert app.session_state["training_studio_epoch_state"]["values"] == {
        "ended_epoch": 2,
        "follow": False,
    }
    assert any(run.name in each.value for each in app.markdown)


def test_a_segmenters_run_is_opened_in_both_languages(open_page: OpenPage, runs: Path) -> None:
    settings = {
        "data": {"name": "panoptic96"},
        "net": {"name": "unet", "width": 2},
        "train": {"epochs": 1, "batch_size": 8},
        "segmenter": {"mask_scenes": 8},
    }
    run = create_run(settings_from_dict(settings), runs)
    record(run.folder, torch.device("cpu"))
    for lang, said in (("en", "every pixel"), ("ko", "픽셀마다")):
        app = open_page(PATH, lang, names=run.name, net="unet", data="panoptic96")
        chosen = app.session_state[STAGE]["values"]
        assert (chosen["net"], chosen["data"]) == ("unet", "panoptic96")
        assert app.session_state["training_studio_epoch_state"]["values"]["follow"] is True
        assert any(run.name in each.value and said in each.value for each in app.markdown)
        assert "open_network_state" not in app.session_state


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_of_a_run_that_waits_nothing_is_said_that_is_not_there(
    open_page: OpenPage, runs: Path, lang: str
) -> None:
    run = create_run(settings_from_dict({"data": {"name": "digits"}}), runs)
    app = open_page(PATH, lang, names=run.name)
    assert not app.info
    assert not app.error
    assert "training_studio_epoch_state" not in app.session_state
    assert not any(run.name in each.value for each in app.markdown)


def test_another_run_is_seen_at_its_newest_epoch(open_page: OpenPage, runs: Path) -> None:
    small = {"data": {"name": "digits", "per_class": 5}, "net": {"name": "softmax"}}
    made = [create_run(settings_from_dict({**small, "train": {"epochs": 2}}), runs) for _ in "ab"]
    for run in made:
        record(run.folder, torch.device("cpu"))
    first, second = (run.name for run in made)
    app = open_page(PATH, "en", names=f"{first},{second}", ended_epoch="1", follow="0")
    state = "training_studio_epoch_state"
    assert app.session_state[state]["values"] == {"ended_epoch": 1, "follow": False}
    app.session_state[RUNS]["values"] = {"names": f"{second},{first}"}
    app.run()
    assert app.session_state[state]["values"]["follow"] is True


@pytest.mark.parametrize(
    ("lang", "title", "rate"), [("en", "differ in", "Learning rate"), ("ko", "다른 설정", "학습률")]
)
def test_two_runs_are_told_apart_in_words(
    open_page: OpenPage, runs: Path, lang: str, title: str, rate: str
) -> None:
    small = {"data": {"name": "digits", "per_class": 5}, "net": {"name": "softmax"}}
    made = [
        create_run(settings_from_dict({**small, "train": {"learning_rate": each}}), runs)
        for each in (0.003, 1.0)
    ]
    app = open_page(PATH, lang, names=",".join(run.name for run in made))
    texts = [each.value for each in app.markdown]
    assert any(title in text for text in texts)
    table = next(text for text in texts if text.startswith("| "))
    assert table.splitlines()[0].endswith(f"| `{made[0].name}` | `{made[1].name}` |")
    assert table.splitlines()[2:] == [f"| {rate} | 0.003 | 1 |"]


@pytest.mark.parametrize(("lang", "word"), [("en", "Many pictures"), ("ko", "여러 사진")])
def test_own_pictures_go_through_a_run_together(
    open_page: OpenPage, runs: Path, lang: str, word: str
) -> None:
    small = {"data": {"name": "digits", "per_class": 5}, "net": {"name": "softmax"}}
    run = create_run(settings_from_dict({**small, "train": {"epochs": 1}}), runs)
    record(run.folder, torch.device("cpu"))
    images = torch.zeros((6, 16, 16, 3), dtype=torch.uint8)
    token = own_sets().put(DataSet("own", images, torch.arange(6) % 2, ("a", "b"), "uploaded"))
    app = open_page(PATH, lang, names=run.name)
    assert any(each.value == word for each in app.subheader)
    assert "training_studio_many_state" not in app.session_state
    app = open_page(PATH, lang, names=run.name, own=token)
    assert "training_studio_many_state" in app.session_state
