"""What a small RetinaNet says of a batch of scenes, and which answers its loss is made of."""

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from engine.cache import remembered
from engine.data.scenes import SCENES96
from engine.data.shapes import SHAPES
from engine.detection.detectnet.scenes import HELD_OUT_SEED, MEAN, STD, draw_scenes
from engine.detection.focal import ALPHA, Shares, loss_shares
from engine.detection.scene_nets.weights import load_scene_net
from engine.serving.one_core import on_one_core
from engine.serving.one_stage.contract import MOST_GAMMA, FocalQuestion
from engine.train.learning_data import normalise
from engine.train.seeding import seeded
from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults
from engine.trainable.retina_net import IGNORED, SmallRetinaNet, class_truths, objects_of
from engine.trainable.truths import pack_truths

NET = "retina_net"
BATCH = 16  # scenes, the first of those that nobody learns from
BINS = 10
EASY_FROM = 0.9  # of p: these answers count as easy; a bin begins there
GAMMAS = np.linspace(0, MOST_GAMMA, 26)  # of the curve
NETS = ("before", "after")
CPU = torch.device("cpu")
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


def look(asked: FocalQuestion) -> Answer:
    """The answers in bins of p, and what each bin carries of the loss at 0 and at γ.

    Raises:
        InputError: the weights are missing or damaged.
    """
    return on_one_core(_look, asked.gamma, asked.net)


def _look(gamma: float, net: str) -> Answer:
    logits, truths = answers_of(net)
    plain, focal = shares_at(net, 0.0), shares_at(net, gamma)
    arrays = {
        "edges": np.linspace(0, 1, BINS + 1),
        "answers": plain.answers.numpy(),
        "plain": plain.loss.numpy(),
        "focal": focal.loss.numpy(),
        "gammas": GAMMAS,
        "yes": np.array([[shares_at(n, float(g)).yes_loss for g in GAMMAS] for n in NETS]),
    }
    easy = int(EASY_FROM * BINS)
    about = {
        "gamma": gamma,
        "scenes": BATCH,
        "count": logits.numel(),
        "yes": int(truths.sum()),
        "alpha": ALPHA,
        "easy_from": EASY_FROM,
        "easy": float(plain.answers[easy:].sum()),
        "easy_plain": float(plain.loss[easy:].sum()),
        "easy_focal": float(focal.loss[easy:].sum()),
        "yes_plain": plain.yes_loss,
        "yes_focal": focal.yes_loss,
        "left": focal.total / plain.total if plain.total else 0.0,
    }
    return arrays, about


@remembered(128)
def shares_at(net: str, gamma: float) -> Shares:
    """Who carries the loss of a net, "before" or "after", at γ."""
    return loss_shares(*answers_of(net), gamma, BINS)


@remembered(2)
def answers_of(name: str) -> tuple[Tensor, Tensor]:
    """Logits float32 (n, classes) of all anchors that count, in all scenes, and what is true.

    Args:
        name: "before" or "after" the net has learnt.

    Raises:
        InputError: the weights are missing or damaged.
    """
    net = _net(name)
    scenes = draw_scenes(BATCH, HELD_OUT_SEED)
    images = torch.from_numpy(scenes.pixels).permute(0, 3, 1, 2)
    mean, std = (torch.full((3,), value) for value in (MEAN, STD))
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    with torch.no_grad():
        x = normalise(images, mean, std)
        maps = list(net.detector.backbone(x).values())
        said = net.detector.head(maps)["cls_logits"]
        wanted = objects_of(truths)
        told = net.tell(net.anchors(x, maps), wanted)
    logits, right = [], []
    for each, objects, own in zip(said, wanted, told, strict=True):
        counts = own != IGNORED
        logits.append(each[counts])
        right.append(class_truths(each, objects["labels"], own)[counts])
    return torch.cat(logits), torch.cat(right)


def _net(name: str) -> SmallRetinaNet:
    if name == "after":
        return cast(SmallRetinaNet, load_scene_net(NET, CPU).net)
    with seeded(CPU, 0, "weights"):
        net = build_net(net_defaults(NET), (3, *SCENES96.size), len(SHAPES))
    return cast(SmallRetinaNet, net.eval())
