"""A small backbone with a feature pyramid: one map for each stride asked for, all of one depth.

Going down, each stage halves the map and doubles its channels; going up again, the coarser map is
doubled and added to a 1 x 1 convolution of the finer one: a fine map knows what a coarse one saw.

Source: Lin et al., "Feature Pyramid Networks for Object Detection", CVPR 2017; the layers are our
own, small enough to be trained on two CPU cores in minutes.
"""

from collections import OrderedDict

from torch import Tensor, nn
from torch.nn import functional as F

STRIDES_PX = (4, 8, 16)
OUT_CHANNELS = 64


class SmallPyramid(nn.Module):
    """Maps of ``OUT_CHANNELS`` channels at some of ``STRIDES_PX``, as torchvision's nets take them.

    Args:
        channels: of a picture.
        width: channels of the first convolution.
        strides_px: of the maps returned, the finest first.
    """

    def __init__(
        self, channels: int, width: int = 16, strides_px: tuple[int, ...] = STRIDES_PX
    ) -> None:
        super().__init__()
        self.out_channels = OUT_CHANNELS
        self.strides_px = strides_px
        self.stem = nn.Sequential(
            *_layer(channels, width, kernel=5, stride=2),
            *_layer(width, 2 * width, stride=2),
        )
        self.down = nn.ModuleList(
            [
                nn.Sequential(*_layer(2 * width, 2 * width)),
                nn.Sequential(
                    *_layer(2 * width, 4 * width, stride=2), *_layer(4 * width, 4 * width)
                ),
                nn.Sequential(*_layer(4 * width, 4 * width, stride=2)),
            ]
        )
        self.across = nn.ModuleList(
            [nn.Conv2d(wide * width, OUT_CHANNELS, 1) for wide in (2, 4, 4)]
        )

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Pictures to maps.

        Args:
            x: float32 (N, C, H, W), normalised.

        Returns:
            "0", "1" … → float32 (N, OUT_CHANNELS, H / stride, W / stride), rounded up.
        """
        x = self.stem(x)
        maps = []
        for stage, lateral in zip(self.down, self.across, strict=True):
            x = stage(x)
            maps.append(lateral(x))
        for k in range(len(maps) - 2, -1, -1):
            above = F.interpolate(maps[k + 1], size=maps[k].shape[-2:], mode="nearest")
            maps[k] = maps[k] + above
        chosen = [maps[STRIDES_PX.index(stride)] for stride in self.strides_px]
        return OrderedDict((str(k), each) for k, each in enumerate(chosen))


def _layer(channels: int, filters: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(filters), nn.ReLU()]
