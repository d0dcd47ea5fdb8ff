"""What a static graph would have fixed: the same expression through ``torch.export``.

A static graph, as TensorFlow 1 had it and ``torch.export`` makes it, is drawn up before any number
is known. Shapes, types and every Python number are then part of it. An ``if`` on a tensor's value
cannot be: it has to become an operation of the graph, ``torch.cond``, which holds both branches.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.graphs.expression import COMPARES, DOES, FUNCTIONS, SIGNS, parse


@dataclass(frozen=True)
class Exported:
    """What ``torch.export`` made of an expression.

    Attributes:
        code: of the graph, and of each branch that it holds, by name; empty where it refused.
        operations: how many calls the graph has, branches included.
        refused: its own words, where it could not.
    """

    code: dict[str, str]
    operations: int
    refused: str = ""


class Written(nn.Module):
    """The expression as a module of two tensors.

    Args:
        text: the expression.
        with_cond: whether ``if`` is written as ``torch.cond`` instead of Python's own.
    """

    def __init__(self, text: str, with_cond: bool) -> None:
        super().__init__()
        self._tree = parse(text)
        self._with_cond = with_cond

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Tensors of no dimension in, one out."""
        return _tensor(self._compute(self._tree, x, y))

    def _compute(self, node: ast.expr, x: Tensor, y: Tensor) -> Tensor | float:
        match node:
            case ast.Constant(value=value):
                return float(value)  # type: ignore[arg-type]
            case ast.Name(id=name):
                return x if name == "x" else y
            case ast.UnaryOp(operand=operand):
                return -self._compute(operand, x, y)
            case ast.BinOp(left=left, op=op, right=right):
                return DOES[SIGNS[type(op)]](self._compute(left, x, y), self._compute(right, x, y))
            case ast.Call(func=ast.Name(id=name), args=args):
                found = [self._compute(each, x, y) for each in args]
                return FUNCTIONS[name](*map(_tensor, found))
            case ast.IfExp(test=ast.Compare(left=left, ops=[op], comparators=[right])):
                one, other = self._compute(left, x, y), self._compute(right, x, y)
                return self._choose(COMPARES[type(op)][1](one, other), node, x, y)
        raise TypeError(ast.unparse(node))

    def _choose(self, test: Tensor | bool, node: ast.IfExp, x: Tensor, y: Tensor) -> Tensor | float:
        if not self._with_cond or isinstance(test, bool):
            return self._compute(node.body if test else node.orelse, x, y)

        def of(branch: ast.expr) -> Callable[[Tensor, Tensor], Tensor]:
            # what a branch gives must be a tensor of its own
            return lambda x, y: _tensor(self._compute(branch, x, y)).clone()

        return torch.cond(test, of(node.body), of(node.orelse), (x, y))


def _tensor(value: Tensor | float) -> Tensor:
    return value if isinstance(value, Tensor) else torch.tensor(value, dtype=torch.float64)


def export(text: str, x: float, y: float, with_cond: bool) -> Exported:
    """Have ``torch.export`` draw up the graph of an expression, with two numbers as examples.

    Raises:
        InputError: as :func:`engine.graphs.expression.parse`.
    """
    module = Written(text, with_cond)
    given = tuple(torch.tensor(value, dtype=torch.float64) for value in (x, y))
    try:
        program = torch.export.export(module, given, strict=False)
    except Exception as refusal:  # of many kinds; what it says is what is shown
        return Exported({}, 0, str(refusal).strip().splitlines()[0])
    graphs = {"forward": program.graph_module}
    graphs |= {
        name: part
        for name, part in program.graph_module.named_children()
        if isinstance(part, torch.fx.GraphModule)
    }
    return Exported(
        {name: _tidied(graph.code) for name, graph in graphs.items()},
        sum(node.op == "call_function" for graph in graphs.values() for node in graph.graph.nodes),
    )


def _tidied(code: str) -> str:
    """Without the lines that only let memory go."""
    lines = [line.split(";  ")[0] for line in code.strip().splitlines() if line.strip()]
    return "\n".join(lines)
