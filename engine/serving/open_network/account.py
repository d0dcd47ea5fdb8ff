"""Where one number of an open network comes from, as arrays and plain facts for a stage."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.serving.open_network.networks import OpenNetwork
from engine.walk.accounting import check_place, layer_accounts, pixel_account
from engine.walk.accounts import Account, Activated, ConvSum, Pooled


def tell_number(
    net: OpenNetwork, number: int, place: tuple[int, ...]
) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    """The accounts of a layer's number, the first operation's first.

    Args:
        net: with the layer in the part that it shows.
        number: index of the layer.
        place: (channel, row, column) of a map, (unit,) of a vector.

    Returns:
        Arrays of the accounts that have some, and each account's ``kind`` and numbers.

    Raises:
        InputError: there is no such number.
    """
    layer = net.structure.layers[number]
    check_place(layer, place)
    if layer.kind == "input":
        accounts: tuple[Account, ...] = (
            pixel_account(net.walked, net.opened.mean, net.opened.std, place),
        )
    else:
        accounts = layer_accounts(net.walked, layer, place)
    arrays: dict[str, np.ndarray] = {}
    facts = []
    for account in accounts:
        facts.append({"kind": type(account).__name__.lower(), **_plain(account, arrays)})
    return arrays, facts


def _plain(account: Account, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """An account as JSON takes it; its tensors go among the arrays."""
    if isinstance(account, ConvSum):
        cell = account.cell
        arrays["patch"] = cell.patch.numpy()
        arrays["kernel"] = cell.kernel.numpy()
        arrays["products"] = cell.products.numpy()
        arrays["is_padding"] = cell.is_padding.numpy().astype(np.uint8)
        return {
            "channels": list(account.channels),
            "rows": list(cell.input_rows),
            "cols": list(cell.input_cols),
            "channel_sums": cell.channel_sums.tolist(),
            "bias": cell.bias,
            "total": cell.total,
            "value": account.value,
        }
    if isinstance(account, Activated):
        arrays["curve_x"] = account.curve_x.numpy()
        arrays["curve_y"] = account.curve_y.numpy()
        return {"x": account.x, "value": account.value}
    if isinstance(account, Pooled):
        arrays["window"] = account.window.numpy()
        arrays["is_padding"] = account.is_padding.numpy().astype(np.uint8)
        names = ("how", "top", "left", "count", "winner", "value")
        return {name: getattr(account, name) for name in names}
    return asdict(account)
