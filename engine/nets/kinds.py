"""What kind of operation a node of a traced network is.

The words are those of the field ("conv", "norm", "activation", "pool", …). They are decided by
what the node calls, never by what it is named. What is not known here is "other", and whoever
reasons about it must be careful (see :mod:`engine.nets.receptive`).
"""

from collections.abc import Sequence
from typing import Any

import torchvision
from torch import fx, nn

_MODULE_KINDS: tuple[tuple[str, tuple[type[nn.Module], ...]], ...] = (
    ("conv", (nn.Conv1d, nn.Conv2d, nn.Conv3d)),
    ("linear", (nn.Linear,)),
    (
        "norm",
        (
            nn.BatchNorm1d,
            nn.BatchNorm2d,
            nn.BatchNorm3d,
            nn.LayerNorm,
            nn.GroupNorm,
            nn.InstanceNorm2d,
            nn.LocalResponseNorm,
            torchvision.ops.FrozenBatchNorm2d,
        ),
    ),
    ("pool", (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)),
    ("attention", (nn.MultiheadAttention,)),
    ("softmax", (nn.Softmax, nn.Softmax2d, nn.LogSoftmax)),
    (
        "identity",
        (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, torchvision.ops.StochasticDepth),
    ),
    ("permute", (torchvision.ops.Permute,)),
    ("reshape", (nn.Flatten, nn.Unflatten)),
    ("other", (nn.GLU,)),  # halves the channels, so it is no activation of each cell by itself
)

_CALL_KINDS: dict[str, tuple[str, ...]] = {
    "conv": ("conv1d", "conv2d", "conv3d"),
    "linear": ("linear",),
    "norm": ("batch_norm", "layer_norm", "group_norm", "instance_norm", "local_response_norm"),
    "activation": (
        *("relu", "relu_", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish"),
        *("hardswish", "hardsigmoid", "hardtanh", "sigmoid", "tanh", "softplus", "clamp", "exp"),
    ),
    "pool": (
        *("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d"),
        *("mean", "amax"),
    ),
    "add": ("add", "iadd", "add_", "sub", "isub"),
    "multiply": ("mul", "imul", "mul_", "truediv", "div"),
    "concat": ("cat", "concat", "concatenate"),
    "split": ("chunk", "split"),
    "select": ("getitem",),
    "permute": ("permute", "transpose", "swapaxes"),
    "reshape": ("reshape", "view", "flatten", "unflatten", "squeeze", "unsqueeze"),
    "identity": ("contiguous", "clone", "dropout", "stochastic_depth"),
    "softmax": ("softmax", "log_softmax"),
    "attention": ("shifted_window_attention", "scaled_dot_product_attention"),
    "matmul": ("matmul", "bmm", "einsum"),
    "patch merging": ("_patch_merging_pad",),
}
_KIND_OF_CALL = {name: kind for kind, names in _CALL_KINDS.items() for name in names}


def call_name(node: fx.Node) -> str:
    """The bare name of the function or method that a node calls; "" for other nodes."""
    if node.op == "call_method":
        return str(node.target)
    if node.op == "call_function":
        return str(getattr(node.target, "__name__", node.target))
    return ""


def arguments(node: fx.Node, names: Sequence[str]) -> dict[str, Any]:
    """What a node's function or method is given, by name.

    Args:
        node: the node.
        names: the names of its positional arguments, in order.
    """
    return {**dict(zip(names, node.args, strict=False)), **node.kwargs}


def kind_of(node: fx.Node, module: nn.Module | None) -> str:
    """The kind of operation of a node.

    Args:
        node: a node of a traced graph.
        module: the module that the node calls, if it calls one.

    Returns:
        "input", "output", "constant" (a parameter that is read), "conv", "linear", "norm",
        "activation", "pool", "add", "multiply", "concat", "split", "select", "permute",
        "reshape", "identity" (also what is idle at inference, such as dropout), "softmax",
        "attention", "matmul", "patch merging" or "other".
    """
    fixed = {"placeholder": "input", "output": "output", "get_attr": "constant"}
    if node.op in fixed:
        return fixed[node.op]
    if module is None:
        return _KIND_OF_CALL.get(call_name(node), "other")
    for kind, types in _MODULE_KINDS:
        if isinstance(module, types):
            return kind
    return "activation" if type(module).__module__ == nn.ReLU.__module__ else "other"
