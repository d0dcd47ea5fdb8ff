"""Segments as files that other programs read: a 16-bit PNG of their numbers, and COCO.

- PNG: grey, 16 bits, each pixel the number of its segment, 0 where there is none.
- COCO: one file with the picture, an annotation a segment and the classes. Masks are run lengths
  without compression (``{"size": [H, W], "counts": [...]}``): the pixels column after column, first
  a run outside the mask, then one inside, and so on. Ids of classes count from 1.

Sources: PNG (ISO/IEC 15948), grey of depth 16; Lin et al., "Microsoft COCO", ECCV 2014 (format of
instances; pycocotools' ``mask`` module for the run lengths).
"""

import io
import json
from typing import Any

import numpy as np
from PIL import Image

from engine.segment.segmented_picture import SegmentedPicture


def as_png(ids: np.ndarray) -> bytes:
    """A 16-bit PNG whose pixels are segment numbers.

    Args:
        ids: integer (H, W) in [0, 65535].

    Raises:
        ValueError: a number does not fit.
    """
    if ids.min() < 0 or ids.max() > np.iinfo(np.uint16).max:
        raise ValueError("numbers of segments must lie in [0, 65535]")
    buffer = io.BytesIO()
    Image.fromarray(ids.astype(np.uint16)).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def as_coco(answer: SegmentedPicture, file_name: str) -> bytes:
    """A file of instances that pycocotools loads.

    Args:
        answer: the segments; each annotation carries its ``score`` and its number as ``id``.
        file_name: the picture's.
    """
    height, width = answer.size
    runs = runs_of(answer.found.ids)
    annotations = [
        {
            "id": each.id,
            "image_id": 1,
            "category_id": each.category + 1,
            "segmentation": {"size": [height, width], "counts": run_lengths(*own, height * width)},
            "bbox": bounding_box(*own, height),
            "area": each.area_px,
            "iscrowd": 0,
            "score": each.score,
        }
        for each in answer.found.segments
        for own in [runs[each.id]]
    ]
    used = sorted({each.category for each in answer.found.segments})
    things = {each.category: int(each.thing) for each in answer.found.segments}
    content: dict[str, Any] = {
        "info": {"description": file_name},
        "images": [{"id": 1, "file_name": file_name, "height": height, "width": width}],
        "annotations": annotations,
        "categories": [
            {"id": index + 1, "name": answer.class_names[index], "isthing": things[index]}
            for index in used
        ],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def runs_of(ids: np.ndarray) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Where each segment's runs begin, pixels counted column after column, and how long they are.

    Args:
        ids: integer (H, W), 0 for void.

    Returns:
        By number of the segment, two int64 arrays (R,), beginnings rising.
    """
    flat = ids.ravel(order="F")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1])
    lengths = np.diff(starts, append=flat.size)
    order = np.argsort(flat[starts], kind="stable")
    numbers, firsts = np.unique(flat[starts][order], return_index=True)
    parts = np.split(order, firsts[1:])
    return {int(n): (starts[p], lengths[p]) for n, p in zip(numbers, parts, strict=True) if n}


def run_lengths(starts: np.ndarray, lengths: np.ndarray, pixels: int) -> list[int]:
    """Lengths of the runs outside and inside a segment by turns; the first is outside, maybe 0.

    Args:
        starts, lengths: of one segment, as :func:`runs_of` says.
        pixels: of the picture.
    """
    ends = starts + lengths
    gaps = starts - np.concatenate([[0], ends[:-1]])
    counts = np.stack([gaps, lengths], axis=1).ravel().tolist()
    rest = pixels - int(ends[-1])
    return [*counts, rest] if rest else counts


def bounding_box(starts: np.ndarray, lengths: np.ndarray, height: int) -> list[int]:
    """``[x, y, width, height]`` in pixels of the smallest box around a segment.

    Args:
        starts, lengths: of the segment, as :func:`runs_of` says.
        height: of the picture.
    """
    lasts = starts + lengths - 1
    left, right = int(starts[0]) // height, int(lasts[-1]) // height
    if (starts // height != lasts // height).any():  # a run goes on at the top of the next column
        return [left, 0, right - left + 1, height]
    top, bottom = int((starts % height).min()), int((lasts % height).max())
    return [left, top, right - left + 1, bottom - top + 1]
