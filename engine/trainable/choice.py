"""Any of the networks, from its settings."""

from collections.abc import Callable

from torch import nn

from engine.errors import InputError
from engine.trainable import lenet, small_inception, small_resnet, small_vgg
from engine.trainable.detect_net import DetectNet
from engine.trainable.faster_rcnn import SmallFasterRCNN
from engine.trainable.layers import initialise
from engine.trainable.mlp import MLP, SoftmaxRegression
from engine.trainable.net_settings import NET_OPTIONS, NetSettings
from engine.trainable.retina_net import SmallRetinaNet
from engine.trainable.transfer import Transfer, check_channels
from engine.trainable.unet import UNet

_KINDS: dict[str, Callable[..., nn.Module]] = {
    "softmax": SoftmaxRegression,
    "mlp": MLP,
    "lenet": lenet.LeNet,
    "small_vgg": small_vgg.SmallVGG,
    "small_resnet": small_resnet.SmallResNet,
    "small_inception": small_inception.SmallInception,
    "detectnet": DetectNet,
    "faster_rcnn": SmallFasterRCNN,
    "retina_net": SmallRetinaNet,
    "unet": UNet,
}
SMALLEST_PX = {
    "lenet": lenet.SMALLEST_PX,
    "small_vgg": small_vgg.SMALLEST_PX,
    "small_resnet": small_resnet.SMALLEST_PX,
    "small_inception": small_inception.SMALLEST_PX,
}


def register_kind(name: str, kind: Callable[..., nn.Module]) -> None:
    """A network that rests on a subject above this one: known once that has been imported.

    Args:
        name: of the network.
        kind: called with ``input_shape``, ``classes`` and the options of ``NET_OPTIONS``.
    """
    _KINDS[name] = kind


def build_net(
    settings: NetSettings,
    input_shape: tuple[int, int, int],
    classes: int,
    pretrained: bool = True,
) -> nn.Module:
    """A network in training mode on the CPU; weights are drawn from torch's global generator.

    Args:
        settings: which network.
        input_shape: (C, H, W) of a picture.
        classes: number of classes, >= 1.
        pretrained: False where a checkpoint will replace all weights anyway ("transfer" only).

    Raises:
        InputError: pictures too small for the network, or its weights are not at hand.
        LookupError: nobody imported the network.
    """
    options = {name: getattr(settings, name) for name in NET_OPTIONS[settings.name]}
    if settings.name == "transfer":
        check_channels(input_shape[0])
        return Transfer(classes, pretrained=pretrained, **options)
    smallest = SMALLEST_PX.get(settings.name, 1)
    if min(input_shape[1:]) < smallest:
        height, width = input_shape[1:]
        name = settings.name
        raise InputError("net_input_small", net=name, side=smallest, width=width, height=height)
    if settings.name not in _KINDS:
        raise LookupError(f"nothing has registered the network {settings.name!r}")
    net = _KINDS[settings.name](input_shape, classes, **options)
    initialise(net, settings.init)
    return net
