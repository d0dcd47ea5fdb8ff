"""Which wrong pixel costs which figure: mIoU, mask AP, SQ or RQ.

One wrong pixel may cost several figures, or one and not another: a pixel given to the wrong one of
two touching circles is right for mIoU; a circle cut in two leaves all its pixels a circle's.

Sources: Everingham et al., IJCV 2010 (mIoU); Lin et al., ECCV 2014 (AP); Kirillov et al., CVPR 2019
(PQ = SQ x RQ).
"""

from collections.abc import Sequence

import numpy as np

from engine.segment.panoptic_quality import Verdict
from engine.segment.segments import VOID, Segmentation

#: One bit each: a pixel's costs are their sum.
COSTS = {"mean_iou": 1, "mask_ap": 2, "sq": 4, "rq": 8}


def pixel_costs(
    semantic: np.ndarray,
    predicted: Segmentation,
    truth: Segmentation,
    verdicts: Sequence[Verdict],
) -> np.ndarray:
    """Which figures each pixel costs.

    - ``mean_iou``: its class by itself is wrong.
    - ``mask_ap``: a found or a true thing covers it, and not one as well as its match.
    - ``sq``: it belongs to one segment of a match and not to the other: their IoU is less than 1.
    - ``rq``: it belongs to a segment that matches nothing, said or missed.

    Args:
        semantic: integer (H, W), the class of each pixel by itself.
        predicted: the panoptic reading.
        truth: what is there; where it is void, nothing costs anything.
        verdicts: of :func:`engine.segment.panoptic_quality.judge_segments` on these two.

    Returns:
        uint8 (H, W), sums of the numbers in ``COSTS``.
    """
    matches = [each for each in verdicts if each.outcome == "match"]
    partner = np.zeros(_length(predicted), np.int64)
    partner[[each.predicted for each in matches]] = [each.truth for each in matches]
    said_matched, truth_matched = partner > 0, np.isin(np.arange(_length(truth)), partner[1:])
    truth_matched[VOID] = False
    said_wrong = _marked(predicted, verdicts, "false_positive", "predicted")
    truth_missed = _marked(truth, verdicts, "false_negative", "truth")
    said, true = predicted.ids, truth.ids
    wrong = (partner[said] != true) | (said == VOID)
    costs = {
        "mean_iou": semantic != truth.categories,
        "mask_ap": wrong & (_things(predicted)[said] | _things(truth)[true]),
        "sq": wrong & (said_matched[said] | truth_matched[true]),
        "rq": said_wrong[said] | truth_missed[true],
    }
    total = sum(mask.astype(np.uint8) * np.uint8(COSTS[name]) for name, mask in costs.items())
    return np.where(true == VOID, 0, total).astype(np.uint8)


def _length(segmentation: Segmentation) -> int:
    return 1 + max((each.id for each in segmentation.segments), default=VOID)


def _things(segmentation: Segmentation) -> np.ndarray:
    """bool, by segment number, whether it is a thing."""
    table = np.zeros(_length(segmentation), bool)
    table[[each.id for each in segmentation.segments if each.thing]] = True
    return table


def _marked(
    segmentation: Segmentation, verdicts: Sequence[Verdict], outcome: str, side: str
) -> np.ndarray:
    """bool, by segment number, whether it has this outcome."""
    table = np.zeros(_length(segmentation), bool)
    table[[getattr(each, side) for each in verdicts if each.outcome == outcome]] = True
    return table
