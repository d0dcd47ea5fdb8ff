"""NanoDet as a network that the training engine builds: one tensor out, its first blocks frozen."""

from torch import Tensor, nn

from engine.detection.nanodet.cells import flatten_grids
from engine.detection.nanodet.net import STRIDES_PX, NanoDet, freeze_blocks
from engine.errors import InputError
from engine.trainable.choice import register_kind

NAME = "nanodet"


class NanoDetLearner(nn.Module):
    """NanoDet for classes of one's own.

    Args:
        input_shape: (3, H, W) of a picture, H and W multiples of 32.
        classes: number of classes, >= 1.
        frozen_blocks: see :func:`engine.detection.nanodet.net.freeze_blocks`.

    Raises:
        InputError: pictures of a size that does not divide.
    """

    def __init__(self, input_shape: tuple[int, int, int], classes: int, frozen_blocks: int) -> None:
        super().__init__()
        channels, height, width = input_shape
        step = max(STRIDES_PX)
        if channels != 3 or height % step or width % step:
            raise InputError("net_input_multiple", net=NAME, step=step, width=width, height=height)
        self.net = NanoDet(classes)
        freeze_blocks(self.net, frozen_blocks)

    def forward(self, x: Tensor) -> Tensor:
        """float32 (N, 3, H, W), RGB, normalised → (N, classes + 44, M), the cells of all grids."""
        return flatten_grids(self.net(x.flip(1)))  # the network was made for BGR


register_kind(NAME, NanoDetLearner)
