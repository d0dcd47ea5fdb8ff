"""Every pixel: what it is, which thing it belongs to, and how well a reading answers both.

- ``segments``: the form in which truth and prediction meet, one segment a pixel.
- ``confusion``: IoU, its mean and pixel accuracy of semantic readings.
- ``panoptic_quality``: PQ = SQ x RQ, with what became of every segment.
- ``mask_precision``: average precision of masks.
- ``panoptic_net``: one small net with three answers a pixel; ``targets`` and ``losses`` teach it.
- ``fusion``: from its answers to segments, every step kept; ``reading``: one picture three ways.
- ``upsampling_net``, ``grown_reading``: six ways to grow one answer back; ``growing``: two taken
  apart; ``boundary``: figures by distance from the boundary.
- ``selfie``: people cut out by a learnt mask.
- ``superpixels``: regions without learning.
- ``learning``, ``lessons``, ``weights``, ``held_out``: how nets learn, their files and figures;
  ``python -m engine.segment.train_panoptic`` and ``… train_upsampling`` make and measure them.
"""
