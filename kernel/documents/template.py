"""Filling a Word template (docxtpl): its marks are `{{ name }}`, `{%p for … %}` and the like.

Values are text and lists of text; they are escaped, so nothing in them becomes markup, and templates run in a
sandbox. A mark without value is an error here, never an empty place in a contract.
"""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment


@cache
def _source(template: Path) -> bytes:
    return template.read_bytes()


def fill(template: Path, values: Mapping[str, Any]) -> bytes:
    """The document (docx) that the template becomes with these values; blocking, some tens of milliseconds.

    Raises jinja2's UndefinedError for a mark that `values` do not name.
    """
    document = DocxTemplate(io.BytesIO(_source(template)))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    document.render(dict(values), jinja_env=environment, autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
