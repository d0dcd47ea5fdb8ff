"""The folder: made, found, listed, edited by hand, deleted."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.runs import state
from engine.runs.folder import (
    Run,
    create_run,
    delete_run,
    find_run,
    folder_bytes,
    list_folders,
    read_run,
    runs_root,
)
from engine.train.settings import RunSettings

Make = Callable[..., Run]


def test_no_folder_means_no_runs(root: Path):
    assert runs_root() == root
    assert list_folders() == []


def test_a_run_is_read_back_as_it_was_made(make: Make):
    run = make(owner="abc")
    assert read_run(run.folder) == run
    assert find_run(run.name) == run
    assert run.versions["torch"]
    assert state.read_state(run.folder).status == "new"


def test_names_count_up_and_are_never_shared(root: Path):
    names: list[str] = []

    def several() -> None:
        for _ in range(5):
            names.append(create_run(RunSettings(), root).name)

    threads = [threading.Thread(target=several) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == [f"small-vgg-shapes32-{i:04d}" for i in range(1, 21)]
    assert [folder.name for folder in list_folders(root)] == sorted(names)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/etc", ".hidden", "a" * 101, "é"])
def test_a_name_is_never_a_path(root: Path, name: str):
    with pytest.raises(InputError, match="cannot be the name"):
        find_run(name)
    if name:
        with pytest.raises(InputError, match="cannot be the name"):
            create_run(RunSettings(), root, name=name)


def test_a_name_is_given_once(root: Path):
    create_run(RunSettings(), root, name="mine")
    with pytest.raises(InputError, match="already a run called mine"):
        create_run(RunSettings(), root, name="mine")
    with pytest.raises(InputError, match="no run called other"):
        find_run("other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ('{"format": 1, "settings": {', "cannot be read"),
        ("[1, 2]", "cannot be read"),
        ('{"format": 1}', "cannot be read"),
        ('{"format": 2, "settings": {}}', "format 2"),
        ('{"format": 1, "settings": []}', "names with values"),
        ('{"format": 1, "settings": {"train": {"epochs": 0}}}', "epochs must be a whole number"),
    ],
)
def test_a_damaged_run_file_is_a_sentence_and_left_alone(make: Make, text: str, said: str):
    run = make()
    (run.folder / "run.json").write_text(text)
    with pytest.raises(InputError, match=said):
        read_run(run.folder)
    assert (run.folder / "run.json").read_text() == text


def test_what_hands_took_out_takes_its_default(make: Make):
    run = make()
    (run.folder / "run.json").write_text('{"format": 1, "settings": {"seed": 7}, "created": "x"}')
    found = read_run(run.folder)
    assert found.settings == RunSettings(seed=7)
    assert (found.created, found.owner, found.parent, found.versions) == (0.0, None, None, {})


def test_an_unwritable_place_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Nothing could be written"):
        create_run(RunSettings(), tmp_path / "file" / "runs")


def test_bytes_are_those_of_all_files(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(bytes(300))
    (tmp_path / "d").write_bytes(bytes(7))
    assert folder_bytes(tmp_path) == 307


def test_deleting_takes_runs_only(make: Make, tmp_path: Path):
    run = make()
    delete_run(run.folder)
    assert not run.folder.exists()
    with pytest.raises(InputError, match="no run called"):
        delete_run(tmp_path)
    assert tmp_path.exists()


def test_a_run_that_is_trained_is_not_deleted(make: Make):
    import os

    run = make()
    state.write_worker(run.folder, os.getpid(), "", training=True)
    with pytest.raises(InputError, match="being trained"):
        delete_run(run.folder)


def test_the_folder_holds_no_path_of_the_machine(make: Make, root: Path):
    text = (make().folder / "run.json").read_text()
    assert str(root.parent) not in text
    assert json.loads(text)["settings"]["data"]["name"] == "digits"
