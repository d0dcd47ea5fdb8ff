"""Networks small enough to learn while one watches, and pretrained ones to learn further.

Each takes ``float32 (N, C, H, W)`` and returns logits ``(N, classes)``; each says in comments which
shapes pass through it. :func:`engine.trainable.choice.build_net` makes any of them from settings.
"""
