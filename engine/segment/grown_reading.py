"""One picture shrunk once and grown back in several ways, every size on the way kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.segment.panoptic_net import normalise
from engine.segment.upsampling_net import DECODERS, STRIDE_PX, Decoder
from engine.segment.weights import TrainedUpsamplingNet


@dataclass(frozen=True, eq=False)
class GrownReading:
    """What one decoder made of the encoder's maps; on the CPU.

    Attributes:
        decoder: its name.
        steps: the growing map, float32 (channels, h, w), from the coarsest to the logits; of the
            picture as it was padded to a multiple of 32.
        logits: float32 (classes, H, W), the last step cut back to the picture.
    """

    decoder: Decoder
    steps: tuple[Tensor, ...]
    logits: Tensor

    @property
    def classes(self) -> np.ndarray:
        """int64 (H, W), the class of each pixel."""
        return self.logits.argmax(dim=0).numpy()


@dataclass(frozen=True, eq=False)
class GrownReadings:
    """The encoder's maps, and what the decoders made of them.

    Attributes:
        maps: six, float32 (channels, h, w), from full size to a thirty-second.
        readings: by decoder.
    """

    maps: tuple[Tensor, ...]
    readings: dict[Decoder, GrownReading]


@torch.inference_mode()
def grow_back(
    made: TrainedUpsamplingNet, pixels: np.ndarray, decoders: Sequence[Decoder] = DECODERS
) -> GrownReadings:
    """Encode a picture once and decode it in each way asked for.

    Args:
        made: of :func:`engine.segment.weights.load_upsampling_net`.
        pixels: uint8 (H, W, 3), RGB, H and W >= 1; beyond the edge it goes on as it ends.
        decoders: names.

    Raises:
        ValueError: not a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    height, width = pixels.shape[:2]
    device = next(made.net.parameters()).device
    batch = torch.from_numpy(np.ascontiguousarray(pixels)).to(device).permute(2, 0, 1)[None]
    missing = (0, -width % STRIDE_PX, 0, -height % STRIDE_PX)
    encoded = made.net.encode(F.pad(normalise(batch), missing, mode="replicate"))
    readings: dict[Decoder, GrownReading] = {}
    for decoder in decoders:
        steps = tuple(each[0].float().cpu() for each in made.net.decode(encoded, decoder))
        readings[decoder] = GrownReading(decoder, steps, steps[-1][:, :height, :width])
    return GrownReadings(tuple(each[0].float().cpu() for each in encoded.maps), readings)
