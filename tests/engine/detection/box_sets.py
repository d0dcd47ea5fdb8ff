"""Sets of boxes for the tests: random ones that overlap, and the awkward ones."""

import torch
from hypothesis import strategies as st
from torch import Tensor

INF, NAN = float("inf"), float("nan")


def random_boxes(count: int, seed: int, side_px: float = 100, whole: bool = False) -> Tensor:
    """float32 (count, 4), xyxy within a square of ``side_px``; whole pixels repeat themselves."""
    generator = torch.Generator().manual_seed(seed)
    ends = torch.rand(count, 2, 2, generator=generator) * side_px
    ends = ends.round() if whole else ends
    return torch.cat([ends.amin(dim=1), ends.amax(dim=1)], dim=1)


def random_scores(count: int, seed: int, levels: int | None = None) -> Tensor:
    """float32 (count,) in [0, 1]; with ``levels`` many are equal."""
    scores = torch.rand(count, generator=torch.Generator().manual_seed(seed))
    return scores if levels is None else (scores * levels).floor() / levels


#: Small whole coordinates: equal boxes, boxes without area and IoUs that are simple fractions.
whole_boxes = st.lists(
    st.tuples(*[st.integers(0, 6)] * 4).map(
        lambda box: [
            min(box[0], box[2]),
            min(box[1], box[3]),
            max(box[0], box[2]),
            max(box[1], box[3]),
        ]
    ),
    max_size=12,
).map(lambda boxes: torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4))


@st.composite
def scored_boxes(draw: st.DrawFn) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes (N, 4), scores (N,) with many ties, and labels (N,) of three classes."""
    boxes = draw(whole_boxes)
    count = len(boxes)
    scores = draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=count, max_size=count))
    labels = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    return (
        boxes,
        torch.tensor(scores, dtype=torch.float32),
        torch.tensor(labels, dtype=torch.int64),
    )
