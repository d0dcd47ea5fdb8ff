"""A chain as Python that runs: each operation's own ``apply``, its fields' values written in."""

import ast
import inspect
import textwrap
from collections.abc import Sequence
from functools import cache

from engine.processing.chain import Done
from engine.processing.operation import Operation, Size

_HEAD = ["import cv2", "import numpy as np", ""]


def code_of(call: Operation) -> list[str]:
    """The lines that turn ``picture`` into what ``call.apply(picture)`` returns."""
    filled = _Filled(call)
    body = [filled.visit(node) for node in _body(type(call))]
    lines = [ast.unparse(ast.fix_missing_locations(node)) for node in body if node is not None]
    return [line for text in lines for line in text.splitlines()]


def main_line(call: Operation) -> str:
    """The line of :func:`code_of` that says most: the last that gives ``cv2`` an argument of the
    operation's own, else the last."""
    lines = code_of(call)
    telling = [
        line
        for line, node in zip(lines, _lines_of(type(call)), strict=True)
        if "self." in node and "cv2." in node.replace("getattr(cv2", "")
    ]
    return (telling or lines)[-1]


def _lines_of(kind: type[Operation]) -> list[str]:
    """The statements as they stand in ``apply``, but for a bare ``return picture``."""
    lines = [ast.unparse(node) for node in _body(kind)]
    return [line for line in lines if line != "return picture"]


def program(done: Sequence[Done], file_name: str, shrunk_to: Size | None) -> str:
    """A whole script: read the file, shrink it as the page did, do the steps, write the result.

    Args:
        done: the steps as :func:`engine.processing.chain.run_chain` did them.
        file_name: of the picture.
        shrunk_to: (H, W) of the copy that was worked on; None where it is the picture itself.
    """
    lines = [*_HEAD, f"picture = cv2.imread({file_name!r})"]
    if shrunk_to is not None:
        size = (shrunk_to[1], shrunk_to[0])
        lines.append(f"picture = cv2.resize(picture, {size}, interpolation=cv2.INTER_AREA)")
    for each in done:
        if each.calls:
            lines += ["", f"# {each.step.operation.NAME}"]
            lines += [line for call in each.calls for line in code_of(call)]
    return "\n".join([*lines, "", "cv2.imwrite('result.png', picture)", ""])


@cache
def _source(kind: type[Operation]) -> str:
    return textwrap.dedent(inspect.getsource(kind.apply))


def _body(kind: type[Operation]) -> list[ast.stmt]:
    """The statements of ``apply``, parsed anew, since filling them in changes them."""
    function = ast.parse(_source(kind)).body[0]
    assert isinstance(function, ast.FunctionDef)
    return function.body


class _Filled(ast.NodeTransformer):
    """``self.ksize`` → 3, ``getattr(cv2, 'INTER_AREA')`` → ``cv2.INTER_AREA``, ``return x`` →
    ``picture = x``."""

    def __init__(self, call: Operation) -> None:
        self._call = call

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            return ast.Constant(getattr(self._call, node.attr))
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            owner, name = node.args
            assert isinstance(name, ast.Constant)
            return ast.Attribute(owner, str(name.value))
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | None:
        self.generic_visit(node)
        if node.value is None or (isinstance(node.value, ast.Name) and node.value.id == "picture"):
            return None
        return ast.Assign([ast.Name("picture")], node.value)
