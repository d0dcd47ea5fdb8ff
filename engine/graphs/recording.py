"""What autograd does not tell: the value that each of its nodes stands for, and the line it is of.

Below autograd every elementary operation passes through a dispatch mode, which sees its result. A
node of the graph is made just before its operation runs and bears the next sequence number; so the
first operation that is seen after the number has moved is the one that the node belongs to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch._C._autograd import _get_sequence_nr
from torch.utils._python_dispatch import TorchDispatchMode


@dataclass(frozen=True)
class Line:
    """A line of a program.

    Attributes:
        text: as code.
        depth: how far it is indented.
        ran: whether it was executed; the lines of a branch not taken were not.
    """

    text: str
    depth: int = 0
    ran: bool = True


@dataclass(frozen=True, eq=False)
class Executed:
    """A program that has run.

    Attributes:
        result: what came out last, of one number, with its graph.
        leaves: by name, the tensors that gradients end at.
        lines: in the program's order.
        given: by name, further tensors that were there before it ran: inputs, targets, running
            means.
    """

    result: Tensor
    leaves: Mapping[str, Tensor]
    lines: list[Line]
    given: Mapping[str, Tensor] = field(default_factory=dict)


class Recorder(TorchDispatchMode):
    """Notes each new node's value and line while a program runs within it.

    Attributes:
        line: the line that runs now, counted from 0; the program sets it.
        values: by a node's sequence number, the first result of its operation.
        lines: by a node's sequence number, the line that made it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.line = 0
        self.values: dict[int, Tensor] = {}
        self.lines: dict[int, int] = {}
        self._next = _get_sequence_nr()

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Runs the operation, and notes its result where a node has just been made for it."""
        found = func(*args, **(kwargs or {}))
        now = _get_sequence_nr()
        if now > self._next:
            first = found[0] if isinstance(found, tuple | list) else found
            for made in range(self._next, now):
                self.lines[made] = self.line
            if isinstance(first, Tensor):
                self.values[now - 1] = first.detach()
        self._next = now
        return found
