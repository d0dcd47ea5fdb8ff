"""Face cascade on Home: many places, few, and a face."""

import numpy as np

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.face_cascade.compute import traced
from engine.serving.face_cascade.contract import CascadeQuestion
from engine.serving.thumbnail import Thumbnail, shares, small


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """What P-Net proposes, and the faces that R-Net and O-Net leave of it."""
    found = traced(CascadeQuestion(picture=picture.ref))
    if isinstance(found, Progress):
        return found
    proposed, faces = found.trace.proposals.boxes.numpy(), found.trace.faces.boxes.numpy()
    height, width = picture.pixels.shape[:2]
    return Thumbnail(
        pictures=small(picture.pixels),
        boxes=shares(np.concatenate([proposed, faces]), (height, width)),
        groups=np.repeat([0, 1], [len(proposed), len(faces)]).astype(np.uint8),
        told={"proposed": len(proposed), "faces": len(faces)},
    )
