"""Pictures as files: real encoders measured, and what stands in a JPEG and in a PNG, opened.

- ``subjects``: a drawing, noise and a screenshot beside the learner's photo.
- ``encoders``: Pillow's JPEG, WebP, AVIF and PNG, with what each one loses.
- ``likeness``: structural similarity (SSIM).
- ``jpeg``: a baseline JPEG read by code of our own, down to one block of 8 × 8.

NumPy alone; pictures are RGB uint8 (H, W, 3).
"""
