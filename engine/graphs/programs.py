"""Programs whose graph is looked at: a small net, a block of MobileNetV2, any trained network.

Each runs a line at a time within a :class:`engine.graphs.recording.Recorder`, and ends in one
number, since a backward pass begins at one.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torchvision.models.mobilenetv2 import InvertedResidual

from engine.graphs.recording import Executed, Line, Recorder
from engine.neurons.small_net import SmallNet

Names = dict[str, Tensor]
Step = tuple[str, Callable[[Names], None]]


def _run(names: Names, steps: list[Step], last: str, record: Recorder) -> Executed:
    leaves = {name: tensor for name, tensor in names.items() if tensor.requires_grad}
    given = {name: tensor for name, tensor in names.items() if not tensor.requires_grad}
    with record:
        for line, (_, act) in enumerate(steps):
            record.line = line
            act(names)
    return Executed(names[last], leaves, [Line(text) for text, _ in steps], given)


def run_small_net(net: SmallNet, inputs: Tensor, targets: Tensor, record: Recorder) -> Executed:
    """The net of the page Backpropagation on its batch: tanh, linear outputs, squared loss.

    Args:
        net: float64.
        inputs, targets: float64 (N, inputs), (N, outputs).
        record: notes values and lines.
    """
    names = {
        "W1": net.weight1.clone().requires_grad_(),
        "b1": net.bias1.clone().requires_grad_(),
        "W2": net.weight2.clone().requires_grad_(),
        "b2": net.bias2.clone().requires_grad_(),
        "x": inputs,
        "t": targets,
    }

    def put(name: str, made: Callable[[Names], Tensor]) -> Callable[[Names], None]:
        return lambda names: names.update({name: made(names)})

    steps: list[Step] = [
        ("z1 = x @ W1.T + b1", put("z1", lambda n: n["x"] @ n["W1"].T + n["b1"])),
        ("h = tanh(z1)", put("h", lambda n: n["z1"].tanh())),
        ("y = h @ W2.T + b2", put("y", lambda n: n["h"] @ n["W2"].T + n["b2"])),
        ("e = y - t", put("e", lambda n: n["y"] - n["t"])),
        ("L = (e**2 / 2).sum(1).mean()", put("L", lambda n: (n["e"] ** 2 / 2).sum(1).mean())),
    ]
    return _run(names, steps, "L", record)


def run_block(block: InvertedResidual, maps: Tensor, record: Recorder) -> Executed:
    """A block of MobileNetV2, layer by layer, its skip connection and the mean of what it gives.

    Args:
        block: a copy of its own, whose parameters need gradients; its layers are told not to
            overwrite what they get, since that is to be seen.
        maps: float32 (1, C, H, W), what the network's earlier layers make of a picture.
        record: notes values and lines.
    """
    names = {"x": maps.detach().requires_grad_()}
    _keep_inputs(block)
    steps: list[Step] = []
    flow = "x"
    layers = [layer for layer in block.conv.modules() if not list(layer.children())]
    for count, layer in enumerate(layers):
        name = f"h{count}"
        _put_parameters(names, layer, _called(layer, count))
        steps.append((f"{name} = {_written(layer)}({flow})", _applied(layer, flow, name)))
        flow = name
    if block.use_res_connect:
        steps.append((f"y = x + {flow}", _skipped(flow)))
        flow = "y"
    steps.append((f"m = {flow}.mean()", _averaged(flow)))
    return _run(names, steps, "m", record)


def run_net(net: nn.Module, pictures: Tensor, target: int, record: Recorder) -> Executed:
    """A trained network on one picture, and how surely it says one class.

    Args:
        net: in eval mode, a copy of its own whose parameters need gradients; gives logits.
        pictures: float32 (1, C, H, W), as the network takes them.
        target: the class whose logit is followed back.
        record: notes values and lines.
    """
    names: Names = {"x": pictures}
    _keep_inputs(net)
    names |= dict(net.named_parameters()) | dict(net.named_buffers())

    def forward(names: Names) -> None:
        names["logits"] = net(names["x"])

    def pick(names: Names) -> None:
        names["s"] = names["logits"][0, target]

    steps: list[Step] = [("logits = net(x)", forward), (f"s = logits[0, {target}]", pick)]
    return _run(names, steps, "s", record)


def _keep_inputs(net: nn.Module) -> None:
    for layer in net.modules():
        if hasattr(layer, "inplace"):
            layer.inplace = False  # type: ignore[assignment]


def _applied(layer: nn.Module, source: str, name: str) -> Callable[[Names], None]:
    return lambda names: names.update({name: layer(names[source])})


def _skipped(source: str) -> Callable[[Names], None]:
    return lambda names: names.update({"y": names["x"] + names[source]})


def _averaged(source: str) -> Callable[[Names], None]:
    return lambda names: names.update({"m": names[source].mean()})


def _put_parameters(names: Names, layer: nn.Module, called: str) -> None:
    own = (*layer.named_parameters(), *layer.named_buffers())
    names.update({f"{called}.{name}": tensor for name, tensor in own})


def _called(layer: nn.Module, count: int) -> str:
    kinds = {nn.Conv2d: "conv", nn.BatchNorm2d: "norm"}
    return f"{kinds.get(type(layer), 'layer')}{count}"


def _written(layer: nn.Module) -> str:
    """The layer's kind as code, with its size and its number of filters: ``conv1x1_96``."""
    if isinstance(layer, nn.Conv2d):
        kind = "depthwise" if layer.groups > 1 else "conv"
        return f"{kind}{layer.kernel_size[0]}x{layer.kernel_size[1]}_{layer.out_channels}"
    return {"BatchNorm2d": "batch_norm", "ReLU6": "relu6"}.get(type(layer).__name__, "layer")
