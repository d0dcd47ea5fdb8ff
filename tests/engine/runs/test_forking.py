"""Forks, ownership and limits."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.data.datasets import load_digits
from engine.errors import InputError
from engine.runs import ownership, recording, state
from engine.runs.events import read_events
from engine.runs.folder import Run, read_run
from engine.runs.forking import change_settings, fork_run
from engine.runs.limits import Applicant, Limits, check_disk, check_waiting, read_limits
from engine.runs.own_data import load_for_run, read_data_set, store_data_set
from engine.runs.recording import record
from engine.runs.writing import write_json
from engine.train.feeding import choose_parts
from engine.train.settings import RunSettings

Make = Callable[..., Run]
CPU = torch.device("cpu")


def losses(run: Run) -> dict[int, float]:
    """Step → loss."""
    events = read_events(run.folder)[0]
    return {event["step"]: event["loss"] for event in events if event["event"] == "step"}


def test_one_change_makes_another_future_from_the_same_weights(trained: Run):
    fork = fork_run(trained.folder, {"train": {"learning_rate": 0.1}}, epoch=1, owner="o")
    assert fork.parent == {"run": trained.name, "epoch": 1, "step": 4}
    assert read_run(fork.folder).owner == "o"
    assert record(fork.folder, CPU) == "finished"
    old, new = losses(trained), losses(fork)
    assert list(new) == list(range(5, 13))
    assert new[5] == old[5]
    assert all(new[step] != old[step] for step in range(6, 13))


def test_a_fork_without_a_change_repeats_its_parent(trained: Run):
    fork = fork_run(trained.folder, {}, epoch=2)
    record(fork.folder, CPU)
    assert losses(fork) == {s: loss for s, loss in losses(trained).items() if s > 8}


def test_a_fork_survives_its_parent(trained: Run):
    from engine.runs.folder import delete_run

    fork = fork_run(trained.folder, {}, epoch=2)
    delete_run(trained.folder)
    assert record(fork.folder, CPU) == "finished"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"net": {"width": 9}}, "width cannot change"),
        ({"data": {"name": "faces"}}, "data.name cannot change"),
        ({"train": {"epochs": 3}}, "3 epochs done"),
        ({"train": {"lr": 3}}, "no setting lr"),
        ({"train": 3}, "names with values"),
        ({"weights": {}}, "no setting weights"),
    ],
)
def test_what_cannot_be_forked_is_a_sentence_and_leaves_no_run(
    trained: Run, changes: dict, said: str
):
    with pytest.raises(InputError, match=said):
        fork_run(trained.folder, changes)
    assert [each.name for each in trained.folder.parent.iterdir()] == [trained.name]


def test_changes_reach_only_what_they_name():
    found = change_settings(RunSettings(), {"train": {"epochs": 3}, "seed": 5})
    assert (found.train.epochs, found.seed, found.net) == (3, 5, RunSettings().net)


def test_only_the_token_that_made_a_run_owns_it(make: Make):
    token, other = ownership.new_token(), ownership.new_token()
    assert len({token, other}) == 2
    run = make(owner=ownership.hash_token(token))
    assert token not in (run.folder / "run.json").read_text()
    ownership.check_owner(run, {ownership.hash_token(other), ownership.hash_token(token)})
    for wrong in ({ownership.hash_token(other)}, {token}, {""}, set(), {"é"}):
        with pytest.raises(InputError, match="belongs to the browser") as caught:
            ownership.check_owner(run, wrong)
        assert caught.value.status == 403
    for nobodys in (make(), make(owner=""), make(owner="é")):
        for proofs in ({ownership.hash_token(token)}, {""}, {"é"}, set()):
            assert not ownership.is_owner(nobodys, proofs)


def queue(run: Run) -> None:
    write_json(run.folder / state.QUEUE_FILE, {"time": 1.0})


def test_a_visitor_has_so_many_runs_waiting_and_others_do_not_count(make: Make, root: Path):
    limits = Limits(waiting_per_visitor=2)
    for owner in ("me", "me", "you"):
        check_waiting(root, Applicant(owner), limits)
        queue(make(owner=owner))
    check_waiting(root, Applicant("you"), limits)
    check_waiting(root, Applicant(), limits)
    with pytest.raises(InputError, match="2 runs waiting") as caught:
        check_waiting(root, Applicant("me"), limits)
    assert caught.value.status == 429
    with pytest.raises(InputError, match="2 runs waiting"):
        check_waiting(root, Applicant("you"), limits, more=2)


def test_a_new_secret_is_no_new_visitor(make: Make, root: Path):
    limits, addresses = Limits(waiting_per_visitor=2, waiting_per_address=4, waiting=5), {}
    for secret in ("a", "b"):
        check_waiting(root, Applicant(secret, address="::1"), limits, addresses)
        run = make(owner=secret)
        queue(run)
        addresses[run.folder] = "::1"
    with pytest.raises(InputError, match="2 runs waiting"):  # a third secret, the same address
        check_waiting(root, Applicant("c", address="::1"), limits, addresses)
    check_waiting(root, Applicant("c", address="::2"), limits, addresses)
    for secret in ("c", "d"):  # the same address, each known by a cookie
        check_waiting(root, Applicant(secret, f"known {secret}", "::1"), limits, addresses)
        run = make(owner=secret, visitor=f"known {secret}")
        queue(run)
        addresses[run.folder] = "::1"
    with pytest.raises(InputError, match="4 runs from your network address") as caught:
        check_waiting(root, Applicant("e", "known e", "::1"), limits, addresses)
    assert caught.value.status == 429
    queue(make(owner="f"))
    with pytest.raises(InputError, match="everybody together") as caught:
        check_waiting(root, Applicant("g", address="::3"), limits, addresses)
    assert caught.value.status == 503


def test_a_run_that_fills_the_disk_ends_with_a_sentence_and_can_go_on(
    make: Make, root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording, "DISK_EVERY_S", 0.0)
    monkeypatch.setenv("FOVEA_RUNS_DISK_MIB", "1")
    run, free = make(owner="me", epochs=3), make(epochs=1)
    other = make(owner="you").folder / "checkpoints" / "large"
    other.write_bytes(bytes(2**20))
    assert recording.record(free.folder, CPU) == "finished"  # of the command line
    with pytest.raises(InputError, match="1 MiB are set aside"):
        recording.record(run.folder, CPU)
    found = state.read_state(run.folder)
    assert (found.status, found.epoch) == ("failed", 1)  # an epoch is kept
    assert found.sentence is not None
    assert "1 MiB are set aside" in found.sentence["en"]
    monkeypatch.setenv("FOVEA_RUNS_DISK_MIB", "100")
    assert recording.record(run.folder, CPU) == "finished"


def test_the_disk_has_a_limit(make: Make, root: Path):
    run = make()
    check_disk(root, Limits(disk_mib=1))
    (run.folder / "checkpoints" / "large").write_bytes(bytes(2**20))
    with pytest.raises(InputError, match="1 MiB are set aside"):
        check_disk(root, Limits(disk_mib=1))


def test_limits_are_set_by_the_environment(monkeypatch: pytest.MonkeyPatch):
    assert read_limits() == Limits()
    monkeypatch.setenv("FOVEA_RUNS_PER_VISITOR", "7")
    monkeypatch.setenv("FOVEA_RUNS_DISK_MIB", " 9 ")
    assert read_limits() == Limits(waiting_per_visitor=7, disk_mib=9)
    monkeypatch.setenv("FOVEA_RUNS_DISK_MIB", "0")
    with pytest.raises(InputError, match="FOVEA_RUNS_DISK_MIB must be a whole number"):
        read_limits()


def test_own_pictures_stay_with_the_run_and_its_forks(make: Make):
    run = make()
    settings = change_settings(
        run.settings, {"data": {"name": ownership.OWN_DATA}, "train": {"epochs": 1}}
    )
    write_json(run.folder / "run.json", {"format": 1, "settings": settings.to_dict()})
    with pytest.raises(InputError, match="missing or damaged"):
        record(run.folder, CPU)
    digits = load_digits()
    store_data_set(run.folder, digits)
    found = read_data_set(run.folder)
    assert torch.equal(found.images, digits.images)
    assert torch.equal(found.targets, digits.targets)
    assert found.classes == digits.classes
    assert (found.parts, found.originals) == (None, None)
    assert record(run.folder, CPU) == "finished"
    fork = fork_run(run.folder, {"train": {"epochs": 2}})
    assert record(fork.folder, CPU) == "finished"
    assert len(load_for_run(fork.folder, fork.settings).train_targets) == 200


def test_an_archives_own_parts_and_its_copies_stay_with_the_run(make: Make):
    digits, run = load_digits(), make()
    parts = torch.arange(len(digits)).remainder(3).to(torch.uint8)
    originals = torch.arange(len(digits))
    originals[1] = 0  # a picture to validate with is a copy of one to learn from
    store_data_set(run.folder, replace(digits, parts=parts, originals=originals))
    found = read_data_set(run.folder)
    assert found.parts is not None
    assert found.originals is not None
    assert torch.equal(found.parts, parts)
    assert torch.equal(found.originals, originals)
    chosen = choose_parts(RunSettings(), found)
    assert (parts[chosen.train] == 0).all()
    assert (parts[chosen.validation] == 1).all()
    assert (parts[chosen.test] == 2).all()
    assert len(chosen.train) == int((parts == 0).sum()) - 1
