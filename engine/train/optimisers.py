"""torch's optimisers by name, and their state as plain tensors that a file can hold."""

import torch
from torch import Tensor, nn

from engine.train.settings import TrainSettings

_PREFIX = "optimiser."


def make_optimiser(settings: TrainSettings, net: nn.Module) -> torch.optim.Optimizer:
    """The optimiser of those settings for all parameters of ``net`` that learn."""
    learnt = [parameter for parameter in net.parameters() if parameter.requires_grad]
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimiser == "adamw":
        betas = (settings.momentum, 0.999)
        return torch.optim.AdamW(learnt, lr=rate, betas=betas, weight_decay=decay)
    momentum = settings.momentum if settings.optimiser == "momentum" else 0.0
    return torch.optim.SGD(learnt, lr=rate, momentum=momentum, weight_decay=decay)


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What the optimiser remembers of each parameter: "optimiser.3.exp_avg" → tensor."""
    state = optimiser.state_dict()["state"]
    return {
        f"{_PREFIX}{index}.{name}": tensor
        for index, entries in state.items()
        for name, tensor in entries.items()
        if isinstance(tensor, Tensor)
    }


def fill_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Gives the optimiser back what :func:`optimiser_tensors` found; other tensors are ignored."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        if key.startswith(_PREFIX):
            index, _, name = key.removeprefix(_PREFIX).partition(".")
            state.setdefault(int(index), {})[name] = tensor
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})
