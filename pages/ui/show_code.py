"""Show the code: the very engine function that ran, read from its module's file."""

import ast
from functools import lru_cache
from pathlib import Path

import streamlit as st
from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES

from pages.ui.component import component
from pages.ui.words import label

_ROOT = Path(__file__).resolve().parents[2]
_JS = (Path(__file__).parent / "show_code.js").read_text(encoding="utf-8")
_CSS = """
figcaption { font-size: .875rem; opacity: .7; margin: 0 0 4px; }
figure { margin: 0 0 16px; position: relative; }
pre { margin: 0; padding: 12px; overflow-x: auto; tab-size: 4; font: .8125rem/1.5
  var(--st-code-font); background: var(--st-code-background-color);
  border-radius: var(--st-base-radius); }
button { position: absolute; right: 8px; top: 1.9rem; font: inherit; font-size: .75rem;
  color: inherit; background: var(--st-background-color); cursor: pointer; padding: 2px 8px;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
.k, .kn, .kc, .ow { color: var(--st-violet-text-color); }
.s, .sd, .s1, .s2, .sa, .sb, .sf, .si { color: var(--st-green-text-color); }
.c, .c1 { opacity: .65; }
.nf, .nc, .nd, .fm { color: var(--st-blue-text-color); }
.m, .mi, .mf { color: var(--st-orange-text-color); }
"""
_component = component("fovea_code", html='<div class="sources"></div>', css=_CSS, js=_JS)


def show_code(*names: str) -> None:
    """An expander with the source of each function or class and where it stands.

    The source is sent with the page and written down when the expander opens: opening it runs
    nothing again, and nothing is imported for it.

    Args:
        names: as ``"engine.pictures.depth:quantise"`` or ``"engine.train.loop:Training.update"``.
    """
    with (
        st.container(key="show_code"),
        st.expander(label("shared", "show_code"), icon=":material/code:"),
    ):
        data = {
            "sources": [_described(name) for name in names],
            "copy": label("shared", "copy_code"),
            "copied": label("shared", "copy_link_done"),
        }
        _component(key="shown_code", data=data)


def find_source(name: str) -> tuple[str, str]:
    """Where a function or class stands, as ``"engine/x.py:12"``, and its lines.

    Raises:
        LookupError: the module's file has no such function or class.
    """
    module, _, path = name.partition(":")
    file = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return _find(file, path, file.stat().st_mtime_ns)


@lru_cache(256)
def _find(file: Path, path: str, _changed_ns: int) -> tuple[str, str]:
    text = file.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in path.split("."):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        inner = [n for n in ast.iter_child_nodes(node) if isinstance(n, kinds) and n.name == part]
        if not inner:
            raise LookupError(f"{file.name} has no {path}")
        node = inner[-1]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines(keepends=True)[first - 1 : node.end_lineno]
    return f"{file.relative_to(_ROOT).as_posix()}:{first}", "".join(lines)


@lru_cache(256)
def _parts(source: str) -> list[list[str]]:
    """The source in parts: Pygments' short name of what each is (``"k"``: keyword), and text."""
    return [[STANDARD_TYPES.get(kind, ""), text] for kind, text in PythonLexer().get_tokens(source)]


def _described(name: str) -> dict[str, object]:
    place, source = find_source(name)
    return {"place": place, "parts": _parts(source)}
