"""MTCNN: faces in three looks, each by a larger network at fewer places.

- ``nets``: P-Net, R-Net and O-Net, and their weights.
- ``calibration``: from what a net says about a window to a better box.
- ``cascade``: the pyramid, the three looks, and what survived each.
- ``opened``: the same for thresholds that move, without asking a net twice about a window.
- ``journeys``: how far each window came, and what ended its way.

Source: Zhang, Zhang, Li, Qiao, "Joint Face Detection and Alignment using Multi-task Cascaded
Convolutional Networks", IEEE Signal Processing Letters 2016; as facenet-pytorch computes it.
"""
