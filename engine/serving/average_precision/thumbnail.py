"""IoU and average precision on Home: the curve and the area under it."""

import numpy as np

from engine.progress import Progress
from engine.serving.average_precision.compute import judge
from engine.serving.average_precision.contract import NOTHING, Question
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail | Progress:
    """Precision over recall of the shipped DetectNet's squares on the page's held-out scenes."""
    answer = judge(Question(detector="detectnet", rival=NOTHING))
    if isinstance(answer, Progress):
        return answer
    arrays, about = answer
    curve = np.stack([arrays["recall"], 1 - arrays["precision"]], axis=-1)
    return Thumbnail(paths=curve[None], told={"ap": f"{about['ap']:.2f}"})
