"""What the Flatten page looks at: a picture before and after one fixed disorder of its pixels."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.pictures import crop_square, resize_longest, resolve
from engine.train.settings import DataSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import NetSettings, net_defaults

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.trainable.shape_table import LayerShape

CHANNELS, CLASSES = 3, 4  # as shapes32 has them
NETS: dict[str, NetSettings] = {
    "mlp": replace(net_defaults("mlp"), depth=3, width=64),
    "cnn": replace(net_defaults("small_vgg"), width=8),
}
DATA = {"shapes32": 300, "digits": 0}  # training pictures of each class; 0: all there are
_EPOCHS = {"mlp": 8, "cnn": 8}
_RATES = {"mlp": 1e-3, "cnn": 3e-3}


@dataclass(frozen=True, eq=False)
class Disorder:
    """A picture of H × W pixels, in order first and shuffled second.

    Attributes:
        pictures: uint8 (2, 3, H, W).
        maps: float32 (2, H, W), the answers of a 3×3 edge kernel to brightness in [0, 1].
        correlations: of neighbouring pixels, in order and shuffled.
        units: what the first unit of the MLP adds up: in order; shuffled, with its weights as they
            were; shuffled, with its weights moved along.
        farthest: the largest difference of any unit between the first sum and the last.
        order: int64 (H·W,): place i of the shuffled picture shows pixel ``order[i]``.
        whole: windows of 3×3 in which no pixel has moved.
    """

    pictures: "Tensor"
    maps: "Tensor"
    correlations: tuple[float, float]
    units: tuple[float, float, float]
    farthest: float
    order: "Tensor"
    whole: int


def disorder(ref: str, side_px: int, seed: int, share: float) -> Disorder:
    """The learner's picture, made small and square, and what a disorder does to it.

    Raises:
        InputError: there is no picture of that token any more.
    """
    import torch

    from engine.convolution.kernels import kernel
    from engine.convolution.locality import neighbour_correlation, slide_over, whole_windows
    from engine.train.pixel_order import draw_pixel_order, reorder_columns, reorder_pixels

    picture = resolve(ref).pixels
    square = crop_square(picture, min(picture.shape[:2]), (0.5, 0.5)).pixels
    small = torch.from_numpy(resize_longest(square, side_px).copy()).permute(2, 0, 1)
    size = (small.shape[1], small.shape[2])
    order = draw_pixel_order(size, seed, share)
    pictures = torch.stack([small, reorder_pixels(small, order)])
    x = pictures.float() / 255
    greys = x.mean(dim=1)
    edge = kernel("sobel_x", 3)
    weight, bias = _first_layer(size[0])
    moved = reorder_columns(weight, CHANNELS, order)
    sums = [
        torch.nn.functional.linear(x[k].flatten(), weights, bias)
        for k, weights in ((0, weight), (1, weight), (1, moved))
    ]
    return Disorder(
        pictures=pictures,
        maps=torch.stack([slide_over(grey, edge) for grey in greys]),
        correlations=(neighbour_correlation(greys[0]), neighbour_correlation(greys[1])),
        units=(float(sums[0][0]), float(sums[1][0]), float(sums[2][0])),
        farthest=float((sums[0] - sums[2]).abs().max()),
        order=order,
        whole=whole_windows(order, size, len(edge)),
    )


@remembered(16)
def _first_layer(side_px: int) -> "tuple[Tensor, Tensor]":
    """Weight and bias of the fresh MLP's first layer."""
    net = _build("mlp", side_px)
    state = net.state_dict()
    return state["hidden.0.linear.weight"], state["hidden.0.linear.bias"]


def _build(name: str, side_px: int) -> "nn.Module":
    import torch

    from engine.train.seeding import seeded
    from engine.trainable.choice import build_net

    with seeded(torch.device("cpu"), 0, "weights"):
        return build_net(NETS[name], (CHANNELS, side_px, side_px), CLASSES)


@remembered(64)
def layers_with_weights(name: str, side_px: int) -> "tuple[LayerShape, ...]":
    """The layers of "mlp" or "cnn" that have something to learn, for pictures of that side."""
    from engine.trainable.shape_table import shape_table

    rows = shape_table(NETS[name], (CHANNELS, side_px, side_px), CLASSES)
    return tuple(row for row in rows if row.params)


def four_trainings(data: str, seed: int) -> dict[str, RunSettings]:
    """MLP and CNN, with pixels in order and shuffled; the same seed for all."""
    return {
        f"{name}_{'shuffled' if shuffled else 'ordered'}": RunSettings(
            data=DataSettings(
                data, per_class=DATA[data], validation_share=0.05, pixel_shuffle=shuffled
            ),
            net=net,
            train=TrainSettings(epochs=_EPOCHS[name], batch_size=32, learning_rate=_RATES[name]),
            seed=seed,
        )
        for name, net in NETS.items()
        for shuffled in (False, True)
    }
