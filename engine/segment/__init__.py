"""Every pixel: what it is, which thing it belongs to, and how well a reading answers both.

- ``segments``: the form in which truth and prediction meet, one segment a pixel.
- ``confusion``: IoU, its mean and pixel accuracy of semantic readings.
- ``panoptic_quality``: PQ = SQ x RQ, with what became of every segment.
- ``mask_precision``: average precision of masks.
"""
