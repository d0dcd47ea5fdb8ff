"""Where a picture lies in the tree of ImageNet's classes."""

from dataclasses import asdict
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from engine.pictures import resolve
from engine.serving.binary import pack
from engine.serving.datasets.contract import TreeQuestion

router = APIRouter(prefix="/datasets", tags=["pages"])


@router.get("/tree", response_class=Response)
def see_tree(asked: Annotated[TreeQuestion, Query()]) -> Response:
    """What MobileNetV2 says of each term; ``sums`` float64 (n,), ``parents`` int32 (n,).

    ``about.terms`` are the n nodes in the arrays' order, each after its parent. ``about.answer`` is
    the place of the most exact term that is at least as probable as asked, ``about.likeliest`` that
    of the most probable class; ``about.several``: how many terms have more than one parent in
    WordNet.

    Bound: 0.5 s of a core, 100 MiB.
    """
    from engine.nets.imagenet_tree.tree import imagenet_tree, sum_up, surest_term
    from engine.serving.classify.contract import CLASSIFIER
    from engine.serving.readings import read_picture

    tree = imagenet_tree()
    probs = read_picture(resolve(asked.picture), CLASSIFIER).probs
    sums = sum_up(tree, probs)
    arrays = {"sums": sums.numpy(), "parents": tree.parents.numpy().astype(np.int32)}
    about = {
        "terms": [asdict(node) for node in tree.nodes],
        "answer": surest_term(tree, sums, asked.sure / 100),
        "likeliest": int(tree.places[int(probs.argmax())]),
        "several": sum(bool(node.others) for node in tree.nodes),
    }
    return pack(arrays, about)
