"""NanoDet-g: eighty things of daily life in one look, from every cell of three grids.

- ``net``: the network; ``weights``: the file that ships, which ``python -m
  engine.detection.nanodet`` makes of the published one.
- ``letterbox``: a picture of any size in the square that the network sees, and boxes back.
- ``cells``: what each of the 3,549 cells says: scores, sides as distributions, its box.
- ``finding``: pictures, one or several in a pass.

Source: RangiLyu/nanodet (Apache-2.0).
"""
