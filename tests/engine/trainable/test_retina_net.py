"""The small RetinaNet: torchvision's own losses and answers, with γ free."""

import pytest
import torch
from torchvision.models.detection.retinanet import RetinaNetClassificationHead

from engine.data.scenes import SCENES96, draw_many
from engine.detection.focal import focal_loss
from engine.trainable.retina_net import (
    IGNORED,
    SmallRetinaNet,
    class_truths,
    objects_of,
)
from engine.trainable.truths import pack_truths

SHAPE = (3, 96, 96)


@pytest.fixture
def scenes() -> tuple[torch.Tensor, torch.Tensor]:
    drawn = draw_many(3, 5, SCENES96)
    images = torch.from_numpy(drawn.pixels).permute(0, 3, 1, 2).float() / 255
    truths = pack_truths(torch.from_numpy(drawn.boxes), torch.from_numpy(drawn.labels))
    truths[2, :, 0] = -1  # a scene without any object
    return images, truths


def net_of(gamma: float = 2.0) -> SmallRetinaNet:
    torch.manual_seed(0)
    return SmallRetinaNet(SHAPE, 3, width=4, gamma=gamma)


def last_bias(net: SmallRetinaNet) -> torch.Tensor:
    return dict(net.named_parameters())["detector.head.classification_head.cls_logits.bias"]


def test_its_losses_are_torchvisions(scenes: tuple[torch.Tensor, torch.Tensor]) -> None:
    images, truths = scenes
    net = net_of().eval()  # batch norm stands still
    ours = net(images, truths)
    wanted = objects_of(truths)
    maps = list(net.detector.backbone(images).values())
    said = net.detector.head(maps)
    told = net.tell(net.anchors(images, maps), wanted)
    plain = RetinaNetClassificationHead(64, 9, 3)
    theirs = plain.compute_loss(wanted, said, told)  # γ = 2, fixed
    torch.testing.assert_close(ours[0], theirs, atol=1e-5, rtol=1e-5)
    net.detector.train()
    net.detector.backbone.eval()
    of_whole = net.detector(list(images), wanted)
    torch.testing.assert_close(ours[0], of_whole["classification"], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ours[1], of_whole["bbox_regression"], atol=1e-5, rtol=1e-5)
    assert 0 <= ours[2] <= 1


@pytest.mark.parametrize("gamma", [0.0, 1.5])
def test_gamma_changes_the_loss_of_the_classes_alone(
    scenes: tuple[torch.Tensor, torch.Tensor], gamma: float
) -> None:
    images, truths = scenes
    two, other = net_of().eval(), net_of(gamma).eval()
    usual, free = two(images, truths), other(images, truths)
    assert free[0] > usual[0]
    assert free[1] == usual[1]
    maps = list(other.detector.backbone(images).values())
    logits = other.detector.head(maps)["cls_logits"]
    wanted = objects_of(truths)
    losses = []
    for each, objects, own in zip(
        logits, wanted, other.tell(other.anchors(images, maps), wanted), strict=True
    ):
        loss = focal_loss(each, class_truths(each, objects["labels"], own), gamma)
        losses.append(loss[own != IGNORED].sum() / max(1, int((own >= 0).sum())))
    torch.testing.assert_close(free[0], torch.stack(losses).mean(), atol=1e-4, rtol=1e-4)


def test_it_finds_what_torchvision_finds(scenes: tuple[torch.Tensor, torch.Tensor]) -> None:
    images, _ = scenes
    net = net_of().eval()
    with torch.no_grad():  # so that something is found
        torch.nn.init.constant_(last_bias(net), -1.5)
        theirs = net.detector(list(images))
    for ours, other in zip(net.detect(images), theirs, strict=True):
        assert len(ours["boxes"]) > 0
        torch.testing.assert_close(ours["boxes"], other["boxes"])
        torch.testing.assert_close(ours["scores"], other["scores"])
        assert torch.equal(ours["labels"], other["labels"] + 1)


def test_without_truths_every_anchor_answers(scenes: tuple[torch.Tensor, torch.Tensor]) -> None:
    said = net_of().eval()(scenes[0])
    assert said.shape == (3, (12 * 12 + 6 * 6) * 9, 3 + 4)
    assert said[..., :3].sigmoid().mean().item() == pytest.approx(0.01, abs=0.005)  # the prior
