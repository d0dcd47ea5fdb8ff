"""Inception modules opened: the true one of the paper, a small network of them, what 1×1 saves."""
