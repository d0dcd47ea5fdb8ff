"""The graph that PyTorch itself keeps of a computation: read from autograd, laid out, exported."""
