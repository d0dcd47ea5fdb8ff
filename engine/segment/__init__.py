"""Every pixel: what it is, which thing it belongs to, and how well a reading answers both.

- ``segments``: the form in which truth and prediction meet, one segment a pixel.
- ``confusion``: IoU, its mean and pixel accuracy of semantic readings.
- ``panoptic_quality``: PQ = SQ x RQ, with what became of every segment.
- ``mask_precision``: average precision of masks.
- ``panoptic_net``: one small net with three answers a pixel; ``targets`` and ``losses`` teach it.
- ``fusion``: from its answers to segments, every step kept; ``reading``: one picture three ways.
- ``learning``, ``weights``, ``held_out``: how it learns, the file that ships, how good it is;
  ``python -m engine.segment.train_panoptic`` makes and measures it.
"""
