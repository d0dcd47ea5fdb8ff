"""Training that yields: whoever calls :func:`engine.train.loop.train` owns the loop.

Everything random is a function of the seed and of the position (epoch, batch), so that a training
that was stopped goes on exactly as if it had not been.
"""
