"""Article coverage: which rule, which operation and which test carry an article, and where a hole is (X3)."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel.regulation.pack import Pack
from kernel.regulation.schema.articles import ArticleStatus
from kernel.regulation.schema.base import article_of, article_order

WITHOUT_BEHAVIOUR = frozenset({"declarative", "not_yet"})
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API with the articles it declares."""

    id: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One article: what it became and who carries it; `holes` names what is missing."""

    article: str
    status: ArticleStatus
    rules: tuple[str, ...]
    operations: tuple[str, ...]
    tests: tuple[str, ...]
    reason: str | None
    holes: tuple[str, ...]


def rows(packs: Iterable[Pack], operations: Iterable[Operation], tests: Mapping[str, Iterable[str]]) -> list[Row]:
    """A row for every article of every pack, in the order of the texts; an inherited article stands once."""
    carried: dict[str, set[str]] = {}
    for operation in operations:
        for cited in operation.articles:
            carried.setdefault(article_of(cited), set()).add(operation.id)
    articles = {number: article for pack in packs for number, article in pack.document.articles.items()}
    found = []
    for number in sorted(articles, key=article_order):
        article = articles[number]
        proved = tuple(sorted(set(tests.get(number, ()))))
        served = tuple(sorted(carried.get(number, ())))
        holes: list[str] = []
        if article.status not in WITHOUT_BEHAVIOUR:
            # The date of force and its like are read by the pack itself: no operation serves them.
            if not served and not all(ref.startswith("meta:") for ref in article.refs):
                holes.append("operation")
            if not proved:
                holes.append("test")
        reason = article.reason.zh if article.reason else None
        found.append(Row(number, article.status, tuple(article.refs), served, proved, reason, tuple(holes)))
    return found


def holes(table: Iterable[Row], *, strict: bool) -> list[Row]:
    """Rows with a hole; an article that is not built yet is one only under `strict`."""
    return [row for row in table if row.holes or (strict and row.status == "not_yet")]


def operations_of(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Operations of an OpenAPI document with their `x-articles`."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                name = operation.get("operationId", f"{method.upper()} {path}")
                yield Operation(name, tuple(operation.get("x-articles", ())))


def marked_tests(root: Path) -> dict[str, list[str]]:
    """Article → tests that carry `@pytest.mark.article`, read from the source without importing it.

    Markers stand on a function, on its class, or on the whole module (`pytestmark`).
    """
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        module = [number for node in tree.body if _is_pytestmark(node) for number in _cited(node)]
        for name, cited in _tests(tree.body, module):
            for number in cited:
                found.setdefault(article_of(number), []).append(f"{path.relative_to(root).as_posix()}::{name}")
    return found


def _tests(body: Iterable[ast.stmt], outer: list[str], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield prefix + node.name, outer + _decorators(node)
        elif isinstance(node, ast.ClassDef):
            yield from _tests(node.body, outer + _decorators(node), f"{prefix}{node.name}::")


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    return [number for decorator in node.decorator_list for number in _cited(decorator)]


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _cited(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "article":
            yield from (
                each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
