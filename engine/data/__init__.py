"""Data to learn from: drawn scenes, installed and downloaded sets, a learner's own pictures.

Everything is seeded; what needs torch imports it at the top, drawing scenes does not.
"""
