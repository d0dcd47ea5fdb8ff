"""NanoDet's heads learning classes of one's own from a handful of labelled photos."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torchvision
from skimage import data
from torch import Tensor

import engine.runs.subjects  # noqa: F401  makes the network known
from engine.data.data_set import DataSet
from engine.data.labelled_pictures import LabelledPictures
from engine.detection.coco import COCO_CLASSES
from engine.detection.labelled import put_in_squares
from engine.detection.nanodet.finding import see
from engine.detection.nanodet.learner import NanoDetLearner
from engine.detection.nanodet.learning import CellDetection, decode, fill_heads, known_classes
from engine.detection.nanodet.weights import new_nanodet
from engine.errors import InputError
from engine.train.feeding import load_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.choice import build_net
from engine.trainable.net_settings import NetSettings

CPU = torch.device("cpu")
CLASSES = ("cat", "whisker_zone", "Dining_Table")
SIDE = 128


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def learner(classes: tuple[str, ...] = CLASSES, frozen: int = 6) -> NanoDetLearner:
    net = build_net(NetSettings("nanodet", frozen_blocks=frozen), (3, SIDE, SIDE), len(classes))
    assert isinstance(net, NanoDetLearner)
    fill_heads(net, classes, seeded())
    return net


def photos(side_px: int = SIDE) -> LabelledPictures:
    """Two photos and a held-out one, a thing on each that COCO does not know."""
    cat, coffee = data.chelsea(), data.coffee()
    face = torch.tensor([[0.25, 0.2, 0.7, 0.85]])
    cup = torch.tensor([[0.3, 0.1, 0.75, 0.75]])
    one, two = torch.tensor([0]), torch.tensor([1])
    rows = [(cat, face, one), (coffee, cup, two), (cat[:, ::-1].copy(), face, one)]
    return put_in_squares(rows, ("face", "saucer"), (False, False, True), side_px)


def test_classes_of_coco_are_known_by_name() -> None:
    cat, table = COCO_CLASSES.index("cat"), COCO_CLASSES.index("dining table")
    assert known_classes(CLASSES) == [cat, None, table]


def test_known_classes_say_at_first_what_the_shipped_network_says_and_new_ones_a_hundredth() -> (
    None
):
    net, shipped = learner().eval(), new_nanodet().eval()
    x = torch.randn(1, 3, SIDE, SIDE, generator=seeded())
    with torch.no_grad():
        mine = net(x)[0]
        theirs = torch.cat([each.flatten(2) for each in shipped(x.flip(1))], dim=2)[0]
    known = known_classes(CLASSES)
    torch.testing.assert_close(mine[0], theirs[known[0]])
    torch.testing.assert_close(mine[2], theirs[known[2]])
    torch.testing.assert_close(mine[3:], theirs[80:])
    assert mine[1].sigmoid().median() == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize(
    ("frozen", "learns"),
    [(7, {"heads"}), (6, {"heads"}), (5, {"heads", "neck"}), (0, {"heads", "neck", "backbone"})],
)
def test_what_is_frozen_does_not_learn(frozen: int, learns: set[str]) -> None:
    names = {n for n, each in learner(frozen=frozen).named_parameters() if each.requires_grad}
    assert {name.split(".")[1] for name in names} == learns
    if frozen == 7:
        assert all(name.split(".")[3] == "1" for name in names)  # the last convolutions


def _difference(parts: Callable[[], Tensor], weights: Tensor, at: int) -> float:
    step = 1e-6
    with torch.no_grad():
        values = []
        for way in (1, -1):
            weights[at] += way * step
            values.append(parts().item())
            weights[at] -= way * step
    return (values[0] - values[1]) / (2 * step)


def test_the_losses_gradients_are_those_of_differences() -> None:
    task, net = CellDetection(CLASSES, (SIDE, SIDE), 0), learner().double()
    x = torch.randn(1, 3, SIDE, SIDE, generator=seeded(), dtype=torch.float64)
    targets = torch.tensor([[[1.0, 20, 24, 90, 100], [-1.0, -1, -1, -1, -1]]]).double()

    def quality() -> Tensor:
        return task.losses(net(x), targets)[1][0]

    def edges() -> Tensor:
        _, (_, box, spread) = task.losses(net(x), targets)
        return box + spread

    # each loss by what it may move: a box's overlap is a target, a score is a weight, as given
    bias = net.get_parameter("net.heads.1.1.bias")
    for part, at in ((quality, 1), (edges, 5)):
        bias.grad = None
        part().backward()
        assert bias.grad is not None
        assert bias.grad[at].item() == pytest.approx(_difference(part, bias, at), rel=1e-4)


def test_the_parts_are_what_torchvision_gives_for_the_cells_that_answer() -> None:
    task, net = CellDetection(("cat",), (SIDE, SIDE), 0), learner(("cat",)).eval()
    x = torch.randn(1, 3, SIDE, SIDE, generator=seeded())
    targets = torch.tensor([[[0.0, 20, 24, 90, 100]]])
    with torch.no_grad():
        outputs = net(x)
        total, (quality, box, spread) = task.losses(outputs, targets)
    owners = task._assign(targets)[0]
    cells = (owners >= 0).nonzero()[:, 0]
    logits, sides = outputs[0, 0], outputs[0, 1:].T.reshape(-1, 4, 11)
    distances = sides.softmax(-1) @ torch.arange(11.0) * task._strides[:, None]
    boxes = torch.cat([task._centres - distances[:, :2], task._centres + distances[:, 2:]], 1)
    truth = targets[0, :1, 1:]
    iou = torchvision.ops.box_iou(boxes, truth)[:, 0]
    wanted = torch.zeros_like(logits)
    wanted[cells] = iou[cells]
    entropy = torch.nn.functional.binary_cross_entropy(logits.sigmoid(), wanted, reduction="none")
    oracle = ((wanted - logits.sigmoid()) ** 2 * entropy).sum() / len(cells)
    assert quality.item() == pytest.approx(oracle.item(), rel=1e-4)
    giou = torchvision.ops.generalized_box_iou_loss(boxes[cells], truth.expand(len(cells), 4))
    weights = logits[cells].sigmoid()
    assert box.item() == pytest.approx(((giou * weights).sum() / weights.sum()).item(), rel=1e-4)
    assert total.item() == pytest.approx((quality + 2 * box + 0.25 * spread).item())


def test_a_photo_without_any_object_teaches_that_nothing_is_there() -> None:
    task, net = CellDetection(("cat",), (SIDE, SIDE), 0), learner(("cat",))
    total, (quality, box, spread) = task.losses(
        net(torch.randn(2, 3, SIDE, SIDE, generator=seeded())), torch.zeros(2, 0, 5)
    )
    assert box.item() == spread.item() == 0
    assert total.item() == quality.item() > 0
    total.backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in net.parameters())


def settings(**train_settings: float) -> RunSettings:
    return RunSettings(
        data=DataSettings("own"),
        net=NetSettings("nanodet", frozen_blocks=6),
        train=TrainSettings(batch_size=4, **train_settings),  # type: ignore[arg-type]
    )


def test_a_thing_that_coco_does_not_know_is_learnt_from_two_photos() -> None:
    asked = settings(epochs=8, learning_rate=3e-3)
    learnt = load_learning_data(asked, photos())
    assert learnt.train_images.shape == (4, 3, SIDE, SIDE)  # each as it is and mirrored
    training = Training(asked, learnt, CPU)
    before = training.task.evaluate(training.net, training.data)
    frozen = {n: p.clone() for n, p in training.net.named_parameters() if not p.requires_grad}
    ends = [event for event in train(training) if isinstance(event, EpochEnd)]
    assert before.accuracy < 0.05
    assert ends[-1].validation.accuracy > 0.6  # AP50 of a photo that is the mirrored one of two
    assert ends[-1].validation.loss < before.loss
    assert frozen
    assert all(torch.equal(dict(training.net.named_parameters())[n], p) for n, p in frozen.items())


def test_before_anything_is_learnt_a_known_class_is_found_as_the_shipped_network_finds_it() -> None:
    cat = data.chelsea()
    squares = put_in_squares(
        [(cat, torch.tensor([[0.1, 0.0, 0.9, 1.0]]), torch.tensor([0]))], ("cat",), (True,), 416
    )
    net = build_net(NetSettings("nanodet", frozen_blocks=6), (3, 416, 416), 1)
    assert isinstance(net, NanoDetLearner)
    fill_heads(net, ("cat",), seeded())
    learnt = load_learning_data(
        settings(),
        put_in_squares(
            [(cat, torch.tensor([[0.1, 0.0, 0.9, 1.0]]), torch.tensor([0]))] * 2,
            ("cat",),
            (False, True),
            416,
        ),
    )
    pixels = squares.images.permute(0, 3, 1, 2).float() / 255
    x = (pixels - learnt.mean[:, None, None]) / learnt.std[:, None, None]
    with torch.no_grad():
        found = decode(net.eval()(x)[0], (416, 416), ("cat",))
    shipped = see(new_nanodet().eval(), [cat])[0]
    best = shipped.cells.scores[:, COCO_CLASSES.index("cat")].max()
    assert found.scores[0].item() == pytest.approx(best.item(), abs=2e-3)


def test_pictures_with_a_class_each_are_refused_in_a_sentence() -> None:
    images = torch.zeros(4, 32, 32, 3, dtype=torch.uint8)
    given = DataSet("own", images, torch.tensor([0, 1, 0, 1]), ("a", "b"), "uploaded")
    with pytest.raises(InputError, match="learn from photos with boxes"):
        load_learning_data(settings(), given)
    with pytest.raises(InputError, match="learn from photos with boxes"):
        load_learning_data(RunSettings(data=DataSettings("own")), photos())


def test_sides_that_the_strides_do_not_divide_are_refused() -> None:
    with pytest.raises(InputError, match="multiples of 32"):
        build_net(NetSettings("nanodet"), (3, 100, 128), 2)


def test_boxes_and_pixels_are_mirrored_together() -> None:
    given = photos(64)
    learnt = load_learning_data(settings(), given)
    half = len(learnt.train_images) // 2
    for k in range(half):
        picture, turned = (learnt.train_images[i].permute(1, 2, 0).numpy() for i in (k, k + half))
        np.testing.assert_array_equal(turned, picture[:, ::-1])
        label, x1, y1, x2, y2 = learnt.train_targets[k, 0].tolist()
        expected = torch.tensor([label, 64 - x2, y1, 64 - x1, y2])
        torch.testing.assert_close(learnt.train_targets[k + half, 0], expected)
