"""The opened network on a page: its committed values, and hostile links."""

from pathlib import Path

import pytest
import torch

from engine.runs.folder import create_run
from engine.runs.recording import record
from engine.serving.training import readers, workers
from engine.train.settings import settings_from_dict
from tests.pages.conftest import OpenPage

PATH = "training/training_studio"
STATE = "open_network_state"


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A finished run of two epochs."""
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path))
    workers.cache_clear()
    readers.cache_clear()
    small = {"data": {"name": "digits", "per_class": 5}, "net": {"name": "softmax"}}
    run = create_run(settings_from_dict({**small, "train": {"epochs": 2}}), tmp_path)
    record(run.folder, torch.device("cpu"))
    return run.name


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_link_is_opened_where_it_was(open_page: OpenPage, name: str, lang: str) -> None:
    link = {"epoch": "1", "index": "7", "source": "own", "scale": "map", "chosen": "1:3:0:0"}
    app = open_page(PATH, lang, names=name, **link)
    assert app.session_state[STATE]["values"] == {
        **link,
        "epoch": 1,
        "index": 7,
        "part": "1",
    }


def test_hostile_links_fall_back(open_page: OpenPage, name: str) -> None:
    link = {
        "epoch": "1e9",
        "index": "-5",
        "source": "<b>",
        "scale": "0",
        "chosen": "a:b",
        "part": "0",
    }
    app = open_page(PATH, names=name, **link)
    assert app.session_state[STATE]["values"] == {
        "epoch": 2,
        "index": 0,
        "source": "validation",
        "scale": "layer",
        "part": "1",
        "chosen": "",
    }
