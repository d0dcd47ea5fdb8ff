"""Everything that a learner can set on the page on filter sliding, but for the picture."""

from dataclasses import dataclass
from typing import Literal

from engine.convolution.slide import Slide
from engine.serving.filter_sliding.contract import LayerQuestion

#: Side of each scene's grid in cells; a signal has this many samples.
SCENES = {
    "tiny": 7, "crop16": 16, "crop24": 24, "crop32": 32, "crop48": 48, "crop64": 64, "signal": 32,
}  # fmt: skip
NETWORK_PREFIX = "net_"
TINY_TOP, TOP = 9, 255


@dataclass(frozen=True)
class Setting:
    """Everything that a learner can set, but for the picture.

    Attributes:
        scene: one of :data:`SCENES`.
        spot: (x, y, side) in percent: the square's centre within the picture, and its side as a
            share of the picture's shorter side.
        colour: whether the filters see red, green and blue instead of one grey channel.
        preset: the first filter: a preset's name, or ``net_<i>`` for one of the network's.
        weights: the first filter's own weights, channel by channel, row by row; one channel's
            worth is laid over all channels. Empty for the preset's.
        bias: added to every output of the first filter.
        filters: how many; those after the first are the presets (or network filters) that follow.
        slide: how they slide.
    """

    scene: str
    spot: tuple[int, int, int]
    colour: bool
    preset: str
    weights: tuple[float, ...]
    bias: float
    filters: int
    slide: Slide

    @property
    def dims(self) -> Literal[1, 2]:
        """1 where the scene is a single row."""
        return 1 if self.scene == "signal" else 2

    @property
    def channels(self) -> int:
        """Input channels."""
        return 3 if self.colour else 1

    @property
    def top(self) -> int:
        """The brightest value that the scene can hold; the darkest is 0."""
        return TINY_TOP if self.scene == "tiny" else TOP

    @property
    def uses_network(self) -> bool:
        """Whether the filters are those of the network's first layer."""
        return self.preset.startswith(NETWORK_PREFIX)


def setting_of(asked: LayerQuestion) -> Setting:
    """The same as the engine reads it."""
    padding = "same" if asked.same else asked.padding
    x, y, side = (int(part) for part in asked.spot.split(","))
    return Setting(
        scene=asked.scene,
        spot=(x, y, side),
        colour=asked.colour,
        preset=asked.preset,
        weights=tuple(float(part) for part in asked.weights.split(",") if part),
        bias=float(asked.bias),
        filters=asked.filters,
        slide=Slide(asked.kernel_size, asked.stride, padding, asked.dilation, asked.transposed),
    )


def input_size(scene: str) -> tuple[int, ...]:
    """``(H, W)`` of the scene, ``(W,)`` of a signal."""
    side = SCENES[scene]
    return (side,) if scene == "signal" else (side, side)
