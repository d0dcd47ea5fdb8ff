"""Learning: repeatable, stopped in between or not; the command saves, goes on and measures."""

from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.segment.held_out import measure
from engine.segment.learning import PanopticTraining, Recipe, learnt_scene
from engine.segment.train_panoptic import describe, learn, main
from engine.segment.weights import load_panoptic_net, save_panoptic_net, trained

SHORT = Recipe(steps=4, batch_size=2, warmup_steps=1)


def losses_of(training: PanopticTraining) -> list[dict[str, float]]:
    losses = []
    while not training.finished:
        losses.append(training.update())
    return losses


def test_the_same_recipe_gives_the_same_losses_stopped_in_between_or_not(tmp_path: Path):
    whole = losses_of(PanopticTraining(SHORT))
    first = PanopticTraining(SHORT)
    begun = [first.update() for _ in range(2)]
    first.save(tmp_path / "training")
    second = PanopticTraining(SHORT)
    second.load(tmp_path / "training")
    assert second.step == 2
    assert begun + losses_of(second) == whole
    assert [each.name for each in tmp_path.iterdir()] == ["training"]


def test_it_learns():
    losses = losses_of(PanopticTraining(Recipe(steps=12, batch_size=2, warmup_steps=2)))
    assert losses[-1]["centre"] < losses[0]["centre"] / 2
    assert losses[-1]["semantic"] < losses[0]["semantic"]


def test_scenes_take_turns_and_none_comes_twice():
    pictures = {learnt_scene(index).pixels.tobytes() for index in range(12)}
    assert len(pictures) == 12


@pytest.mark.parametrize("content", [None, b"", b"not a checkpoint"])
def test_a_damaged_training_is_a_sentence(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "training").write_bytes(content)
    with pytest.raises(InputError, match="training"):
        PanopticTraining(SHORT).load(tmp_path / "training")


def test_learning_stops_when_the_time_is_over_and_goes_on(tmp_path: Path):
    training = PanopticTraining(SHORT)
    assert not learn(training, 0.0, tmp_path / "training")
    assert training.step == 0
    again = PanopticTraining(SHORT)
    assert learn(again, 600.0, tmp_path / "training")
    assert again.step == 4


def test_weights_are_read_as_they_were_written(tmp_path: Path):
    made = trained(PanopticTraining(SHORT).net, {"pq": 0.5, "scenes": 3})
    save_panoptic_net(tmp_path / "net", made)
    read = load_panoptic_net(torch.device("cpu"), tmp_path / "net")
    assert read.figures == made.figures
    assert read.class_names == made.class_names
    assert not read.net.training
    for one, other in zip(
        made.net.state_dict().values(), read.net.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
    assert measure(made, 2).as_numbers() == measure(read, 2).as_numbers()


def test_missing_and_damaged_weights_are_a_sentence(tmp_path: Path):
    for name in ("missing", "damaged"):
        if name == "damaged":
            (tmp_path / name).write_bytes(b"no weights")
        with pytest.raises(InputError, match=name):
            load_panoptic_net(torch.device("cpu"), tmp_path / name)


def test_the_command_trains_saves_and_measures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.segment.train_panoptic.measure", lambda made, _=0: measure(made, 2))
    file = tmp_path / "net.safetensors"
    common = ["--file", str(file), "--steps", "1"]
    assert main([*common, "--minutes", "0"]) == 3
    assert "step 0 of 1" in capsys.readouterr().out
    assert main(common) == 0
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    made = load_panoptic_net(torch.device("cpu"), file)
    assert made.figures["scenes"] == 2
    assert describe(measure(made, 2)) in capsys.readouterr().out
    assert main(["--measure", *common]) == 0
    assert capsys.readouterr().out.startswith("2 scenes of seed 1:\n  mean_iou 0.")
