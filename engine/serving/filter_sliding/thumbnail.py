"""Filter sliding on Home: a square of the picture, and what one small filter makes of it."""

import numpy as np

from engine.pictures import Picture
from engine.serving.filter_sliding.contract import LayerQuestion
from engine.serving.thumbnail import Thumbnail


def thumbnail(picture: Picture) -> Thumbnail:
    """The page's first filter over the finest of its squares."""
    from engine.serving.filter_sliding.layer import slide_scene
    from engine.serving.filter_sliding.setting import setting_of

    trace = slide_scene(picture, setting_of(LayerQuestion(scene="crop64")))
    seen = trace.input[0].numpy().astype(np.uint8)
    return Thumbnail(
        pictures=np.repeat(seen[None, :, :, None], 3, axis=3),
        maps=trace.output.numpy(),
        palette="signed",
        told={"side": trace.weight.shape[-1]},
    )
