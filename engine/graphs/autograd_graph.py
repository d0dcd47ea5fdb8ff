"""The graph of autograd: exactly the nodes that it walks when ``backward()`` is called.

``tensor.grad_fn`` is the operation that made a tensor; its ``next_functions`` are those that made
its inputs, down to ``AccumulateGrad``, where the gradient of a leaf is put. The shapes on the edges
are those that autograd keeps with each node, the tensors that an operation has kept for the way
back are its ``_saved_…``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from engine.errors import InputError
from engine.graphs.recording import Executed, Recorder

MOST_NODES = 600


@dataclass(frozen=True)
class Saved:
    """A tensor that an operation keeps for the backward pass.

    Attributes:
        name: autograd's own: "self", "weight", "result" …
        shape: of the tensor.
        n_bytes: what it takes.
        of: what it is, where that is known: the name of a leaf or of an input, which is there
            anyway, or "#3" for the value of node 3, which would be freed if nobody kept it.
        place: of its memory; two with the same one are kept once.
    """

    name: str
    shape: tuple[int, ...]
    n_bytes: int
    of: str
    place: int


@dataclass(frozen=True, eq=False)
class Node:
    """An operation, or a leaf.

    Attributes:
        name: autograd's: "MulBackward0", "torch::autograd::AccumulateGrad".
        leaf: the name of the tensor, of an AccumulateGrad; "" elsewhere.
        shape: of the tensor that it gives, as autograd keeps it.
        dtype: of that, "float32".
        inputs: the numbers of the nodes that its inputs come from, in their order; None for an
            input that needs no gradient.
        line: of the program; None for a leaf.
        saved: what it keeps.
        value: the tensor itself; None where it was not seen.
        gradient: ∂result/∂that; None where none came.
    """

    name: str
    leaf: str
    shape: tuple[int, ...]
    dtype: str
    inputs: tuple[int | None, ...]
    line: int | None
    saved: tuple[Saved, ...]
    value: Tensor | None
    gradient: Tensor | None


@dataclass(frozen=True, eq=False)
class Graph:
    """All nodes behind a result; the result's own is the first."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def saved_bytes(self) -> int:
        """What is kept for the backward pass alone: leaves and inputs are there anyway."""
        every = [each for node in self.nodes for each in node.saved]
        own = {each.place: each.n_bytes for each in every if each.of[:1] in ("", "#")}
        return sum(own.values())


def walk(result: Tensor) -> list[Any]:
    """Autograd's nodes behind a result, breadth first, each once.

    Raises:
        InputError: nothing that the result depends on needs a gradient; or more nodes than can be
            shown.
    """
    if result.grad_fn is None:
        raise InputError("graph_without_gradient")
    found, at = [result.grad_fn], 0
    known = set(found)
    while at < len(found):
        for following, _ in found[at].next_functions:
            if following is not None and following not in known:
                known.add(following)
                found.append(following)
        at += 1
        if len(found) > MOST_NODES:
            raise InputError("graph_too_large", most=MOST_NODES)
    return found


def read_graph(ran: Executed, record: Recorder) -> Graph:
    """The graph of a program that has run, with values, what is kept, and gradients.

    What is kept is read first: the backward pass, which is run here, frees it.
    """
    functions = walk(ran.result)
    numbers = {function: number for number, function in enumerate(functions)}
    leaves = {id(tensor): name for name, tensor in ran.leaves.items()}
    values = [_value(function, record) for function in functions]
    known = _storages(functions, values, {**ran.given, **ran.leaves})
    kept = [tuple(_saved(function, known)) for function in functions]
    gradients = _backward(ran.result, functions)
    nodes = []
    for number, function in enumerate(functions):
        variable = getattr(function, "variable", None)
        told = function._input_metadata[0]
        nodes.append(
            Node(
                name=function.name(),
                leaf=leaves.get(id(variable), "?") if variable is not None else "",
                shape=tuple(told.shape),
                dtype=str(told.dtype).removeprefix("torch."),
                inputs=tuple(numbers.get(each) for each, _ in function.next_functions),
                line=record.lines.get(function._sequence_nr()),
                saved=kept[number],
                value=values[number],
                gradient=gradients.get(number),
            )
        )
    return Graph(nodes)


def _value(function: Any, record: Recorder) -> Tensor | None:
    variable = getattr(function, "variable", None)
    if variable is not None:
        return variable.detach()
    return record.values.get(function._sequence_nr())


def _storages(
    functions: list[Any], values: list[Tensor | None], named: Mapping[str, Tensor]
) -> dict[int, str]:
    """Whose memory is where: what was there by name, other nodes' values as "#number"."""
    known: dict[int, str] = {}
    for number, value in enumerate(values):
        if value is not None and not hasattr(functions[number], "variable"):
            known.setdefault(value.untyped_storage().data_ptr(), f"#{number}")
    return known | {t.untyped_storage().data_ptr(): name for name, t in named.items()}


def _saved(function: Any, known: Mapping[int, str]) -> Iterator[Saved]:
    for attribute in sorted(dir(function)):
        if not attribute.startswith("_saved_"):
            continue
        found = getattr(function, attribute)
        for tensor in found if isinstance(found, tuple | list) else [found]:
            if not isinstance(tensor, Tensor) or tensor.numel() == 0:
                continue
            place = tensor.untyped_storage().data_ptr()
            yield Saved(
                attribute.removeprefix("_saved_"),
                tuple(tensor.shape),
                tensor.numel() * tensor.element_size(),
                known.get(place, ""),
                place,
            )


def _backward(result: Tensor, functions: list[Any]) -> dict[int, Tensor]:
    """∂result/∂ of what each node gives, as it passes by on the way back."""
    found: dict[int, Tensor] = {}

    def watch(number: int) -> Any:
        def seen(gradients: tuple[Tensor | None, ...]) -> None:
            if gradients[0] is not None:
                found[number] = gradients[0].detach()

        return seen

    hooks = [function.register_prehook(watch(k)) for k, function in enumerate(functions)]
    result.backward(torch.ones_like(result))
    for hook in hooks:
        hook.remove()
    return found
