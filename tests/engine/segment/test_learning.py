"""Learning: repeatable, stopped in between or not; the command saves, goes on and measures."""

from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.segment.held_out import measure
from engine.segment.learning import Recipe, SceneTraining, learn, learnt_scene
from engine.segment.lessons import panoptic_training, upsampling_training
from engine.segment.panoptic_net import PanopticNet
from engine.segment.train_panoptic import describe, main
from engine.segment.upsampling_net import DECODERS
from engine.segment.weights import load_panoptic_net, save_net, trained

SHORT = Recipe(steps=3, batch_size=2, warmup_steps=1)


def losses_of(training: SceneTraining) -> list[dict[str, float]]:
    losses = []
    while not training.finished:
        losses.append(training.update())
    return losses


def test_the_same_recipe_gives_the_same_losses_stopped_in_between_or_not(tmp_path: Path):
    whole = losses_of(panoptic_training(SHORT))
    first = panoptic_training(SHORT)
    begun = [first.update()]
    first.save(tmp_path / "training")
    second = panoptic_training(SHORT)
    second.load(tmp_path / "training")
    assert second.step == 1
    assert begun + losses_of(second) == whole
    assert [each.name for each in tmp_path.iterdir()] == ["training"]


def test_the_panoptic_net_learns():
    losses = losses_of(panoptic_training(Recipe(steps=12, batch_size=2, warmup_steps=2)))
    assert losses[-1]["centre"] < losses[0]["centre"] / 2
    assert losses[-1]["semantic"] < losses[0]["semantic"]


def test_every_decoder_learns():
    losses = losses_of(upsampling_training(Recipe(steps=12, batch_size=2, warmup_steps=2)))
    assert losses[0].keys() == set(DECODERS)
    for name in DECODERS:
        assert losses[-1][name] < losses[0][name]


def test_scenes_take_turns_and_none_comes_twice():
    pictures = {learnt_scene(index).pixels.tobytes() for index in range(12)}
    assert len(pictures) == 12


@pytest.mark.parametrize("content", [None, b"", b"not a checkpoint"])
def test_a_damaged_training_is_a_sentence(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "training").write_bytes(content)
    with pytest.raises(InputError, match="training"):
        panoptic_training(SHORT).load(tmp_path / "training")


def test_learning_stops_when_the_time_is_over_and_goes_on(tmp_path: Path):
    training = panoptic_training(SHORT)
    assert not learn(training, 0.0, tmp_path / "training")
    assert training.step == 0
    again = panoptic_training(SHORT)
    assert learn(again, 600.0, tmp_path / "training")
    assert again.step == 3


def test_weights_are_read_as_they_were_written(tmp_path: Path):
    net = panoptic_training(SHORT).net
    assert isinstance(net, PanopticNet)
    made = trained(net, {"pq": 0.5, "scenes": 3})
    save_net(tmp_path / "net", net, made.figures)
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


def test_the_command_trains_saves_and_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "net.safetensors"
    common = ["--file", str(file), "--steps", "1", "--scenes", "2"]
    assert main([*common, "--minutes", "0"]) == 3
    assert "step 0 of 1" in capsys.readouterr().out
    assert main(common) == 0
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    made = load_panoptic_net(torch.device("cpu"), file)
    assert made.figures == measure(made, 2).as_numbers()
    assert describe(measure(made, 2)) in capsys.readouterr().out
    assert main(["--measure", *common]) == 0
    assert capsys.readouterr().out.startswith("2 scenes of seed 1:\n  mean_iou 0.")
