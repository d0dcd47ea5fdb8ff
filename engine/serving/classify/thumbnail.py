"""Classify on Home: which pixels speak for the first guess."""

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.classify.contract import CLASSIFIER
from engine.serving.classify.explanation import explain
from engine.serving.readings import read_picture
from engine.serving.thumbnail import WAIT_S, Thumbnail, small


def thumbnail(picture: Picture) -> Thumbnail | Progress:
    """Grad-CAM's map of MobileNetV2's first guess over what the network sees of the picture."""
    reading = read_picture(picture, CLASSIFIER)
    target = int(reading.probs.argmax())
    blame = explain(picture, CLASSIFIER, "grad_cam", target, WAIT_S)
    if isinstance(blame, Progress):
        return blame
    return Thumbnail(
        pictures=small(reading.view),
        maps=blame.map.numpy()[None],
        palette="signed" if blame.signed else "sequential",
        over=True,
        told={"percent": round(100 * reading.probs[target].item())},
    )
