"""Convolution, taken apart: what slides, what is multiplied, what comes out.

- ``kernels``: filters by name (edge, blur, Sobel, ...), and filters typed in by a learner.
- ``slide``: the settings of a sliding kernel, which of them are legal, and which input cell meets
  which output cell through which weight.
- ``conv2d``: convolution and transposed convolution from their definition, and a trace of every
  multiplication.
- ``signal``: the same on a single row.
- ``shapes``: output size, parameters, multiply-adds, memory and receptive field of the real layer.
- ``pooling``: max and average pooling, and how much a map changes when the picture shifts.

A filter bank is ``(O, C, kh, kw)``: O filters over C channels. A kernel is one channel's
``(kh, kw)``. As in every deep-learning library, "convolution" here is cross-correlation: the kernel
is not flipped.
"""
