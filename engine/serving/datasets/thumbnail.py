"""Data sets on Home: how sure MobileNetV2 is of each term on the way to the likeliest class."""

import numpy as np

from engine.pictures import Picture
from engine.serving.thumbnail import Thumbnail


def thumbnail(picture: Picture) -> Thumbnail:
    """A bar for each term from the root to the likeliest class, as high as it is probable."""
    from engine.nets.imagenet_tree.tree import imagenet_tree, sum_up
    from engine.serving.classify.contract import CLASSIFIER
    from engine.serving.readings import read_picture

    tree = imagenet_tree()
    probs = read_picture(picture, CLASSIFIER).probs
    sums = sum_up(tree, probs)
    way = tree.way_to(int(tree.places[int(probs.argmax())]))
    told = {"terms": len(way), "percent": round(100 * float(sums[way[-1]]))}
    return Thumbnail(bars=np.clip(sums[way].numpy(), 0, 1), told=told)
