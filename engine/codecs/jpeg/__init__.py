"""A baseline JPEG read by code of our own, for what its steps do to one block of 8 × 8.

- ``segments``: the file's parts: sizes, tables, the coded bits.
- ``huffman``: the coded bits read into quantised coefficients, block by block.
- ``transform``: the cosine transform there and back, the zigzag, quantisation.
- ``colour``: RGB and YCbCr, chroma made smaller and larger.
- ``decoding``: the whole way from a file to pixels.
- ``opened``: one block with each of its steps.

Source: ITU-T T.81 (1992), T.871 (JFIF).
"""
