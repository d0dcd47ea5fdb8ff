"""What a small kernel lives on: that pixels side by side have to do with each other.

Source: Field, "Relations between the statistics of natural images and the response properties of
cortical cells" (1987), for the correlation of neighbours.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def neighbour_correlation(grey: Tensor) -> float:
    """Pearson's correlation of pixels with their right and lower neighbours.

    Args:
        grey: float (H, W), H and W not both 1.

    Returns:
        In [−1, 1]; 0 where either side of the pairs has one value only.
    """
    left_and_upper = torch.cat([grey[:, :-1].flatten(), grey[:-1].flatten()]).double()
    right_and_lower = torch.cat([grey[:, 1:].flatten(), grey[1:].flatten()]).double()
    one, other = (side - side.mean() for side in (left_and_upper, right_and_lower))
    spread = one.norm() * other.norm()
    return float(one @ other / spread) if spread > 0 else 0.0


def whole_windows(order: Tensor, size: tuple[int, int], kernel: int) -> int:
    """In how many windows no pixel has moved.

    Args:
        order: int64 (H·W,): place i shows pixel ``order[i]``.
        size: (H, W).
        kernel: side of the square window; windows lie within the picture.

    Returns:
        Of the (H − kernel + 1)·(W − kernel + 1) windows those that hold what they held; 0 where
        not even one fits.
    """
    if min(size) < kernel:
        return 0
    stayed = (order == torch.arange(len(order), device=order.device)).float().view(1, 1, *size)
    return int((F.avg_pool2d(stayed, kernel, stride=1) == 1).sum())


def slide_over(grey: Tensor, kernel: Tensor) -> Tensor:
    """One kernel over one grey picture whose border is repeated around it.

    Args:
        grey: float (H, W).
        kernel: float (k, k), k odd.

    Returns:
        float (H, W).
    """
    around = len(kernel) // 2
    padded = F.pad(grey[None, None], (around,) * 4, mode="replicate")
    return F.conv2d(padded, kernel[None, None])[0, 0]
