"""Selective Search: boxes that are worth a look, from regions that are merged again and again.

- ``colour_spaces``: the picture as the channels that regions are told apart by.
- ``regions``: Felzenszwalb's first regions, and what is measured of each.
- ``similarity``: colour, texture, size and fill of two regions, each in [0, 1].
- ``grouping``: the two most similar neighbours become one, until one region is left.
- ``strategies``: several groupings together, their boxes ranked, doubles removed.
- ``recall``: how many objects so many boxes find, beside windows on a grid.

Sources: Uijlings, van de Sande, Gevers, Smeulders, "Selective Search for Object Recognition", IJCV
2013; Felzenszwalb & Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 2004.
"""
