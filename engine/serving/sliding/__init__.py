"""Filter sliding as the page and the API ask for it.

- ``setting``: everything that a learner can set.
- ``scene``: a square of the learner's picture as a small grid of whole numbers.
- ``bank``: the filters, by name, typed in, or from a network's first layer.
- ``layer``: the convolution with its trace, and what it costs.
- ``limits``: which settings may be reached next.
"""
