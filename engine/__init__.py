"""Fovea's engine: real computations on pictures, networks and detections.

The engine knows nothing of the screen: it imports neither Streamlit nor Plotly nor ``pages``.

Conventions, stated once and kept everywhere:

- Pictures are RGB ``uint8 (H, W, 3)`` at the edges and ``float32 (N, 3, H, W)`` inside.
- Sizes are ``(H, W)``; a cell of a map is ``(row, column)``.
- Boxes are ``xyxy`` in pixels, half-open: ``x1 <= x < x2``.
- Ties are broken by the lower index.
- ``logits`` are raw outputs, ``probs`` sum to one, ``scores`` rank and lie in ``[0, 1]``.
- Units are in the name: ``_px``, ``_ms``, ``_bytes``.
- Functions are pure; device and random generator are passed in.
- Input that cannot be used raises :class:`engine.errors.InputError` with a clear sentence.
"""
