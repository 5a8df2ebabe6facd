"""Filling a Word template (docxtpl): its marks are `{{ name }}`, `{%p for … %}` and the like.

Values are text and lists of text; they are escaped, so nothing in them becomes markup. Templates come from tenants too:
they run in a sandbox and may name values, go through lists and choose, but call, compute and import nothing. A mark
without value is an error here, never an empty place in a contract.
"""

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

FILTERS = frozenset({"default", "e", "escape", "first", "join", "last", "length", "lower", "trim", "upper"})
"""What a template may do to a value; none of them makes much out of little."""
LOOPS = 2
"""Lists within lists; deeper ones would take hours with a few hundred rows."""
_PLAIN: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)


class FormEnvironment(SandboxedEnvironment):
    """Names, lists and choices; `SecurityError` for anything else."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: each for name, each in self.filters.items() if name in FILTERS}

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Look a template through before anything is done with it: the compiler works out constants."""
        tree = super().parse(source, name, filename)
        _look_through(tree, 0)
        return tree

    def compile(self, source: Any, *args: Any, **more: Any) -> Any:
        """Compile what was looked through."""
        return super().compile(self.parse(source) if isinstance(source, str) else source, *args, **more)


def _look_through(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _PLAIN):
        raise SecurityError(f"line {node.lineno}: {type(node).__name__} is not for templates of documents")
    if isinstance(node, nodes.For):
        loops += 1
        if loops > LOOPS or node.recursive:
            raise SecurityError(f"line {node.lineno}: lists go at most {LOOPS} deep")
    for child in node.iter_child_nodes():
        _look_through(child, loops)


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The document (docx) that the template becomes with these values; blocking, some tens of milliseconds.

    Raises jinja2's UndefinedError for a mark that `values` do not name, SecurityError for what no template may do.
    """
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(values), jinja_env=FormEnvironment(), autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def marks(template: bytes) -> frozenset[str]:
    """The values that a template names; blocking."""
    found = DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(FormEnvironment())
    return frozenset(map(str, found))
