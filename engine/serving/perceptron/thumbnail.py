"""Perceptron on Home: what a hidden layer makes of XOR."""

from engine.serving.perceptron.contract import HiddenQuestion
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail:
    """The plane as the page's hidden layer divides it, at the end of its training."""
    import torch

    from engine.serving.perceptron.compute import hidden

    found = hidden(HiddenQuestion())
    right = int((found.logits * found.placed.targets > 0).sum())
    sides = 2 * torch.sigmoid(found.grid_logits) - 1
    told = {"right": right, "points": len(found.logits)}
    return Thumbnail(maps=sides.numpy()[None], palette="signed", told=told)
