"""Citations: every article is accounted for, and every quoted word stands in the article it cites."""

from collections.abc import Iterator

from kernel.regulation.faults import Fault
from kernel.regulation.reading import Path_, Source
from kernel.regulation.schema import PackDocument
from kernel.regulation.schema.base import Basis, Model, article_of
from kernel.regulation.texts import quotes


def citation_faults(own: PackDocument, source: Source) -> Iterator[Fault]:
    """Faults of citations in the pack's own members; articles carry their text by now."""
    for path, basis in bases(own):
        if basis.article is None:
            continue
        article = own.articles.get(article_of(basis.article))
        if article is None:
            yield source.fault(
                path,
                f"未列出 {basis.article}",
                f"cites {basis.article}, which `articles` does not list",
                basis.article,
            )
        elif basis.words and article.text is not None and not quotes(article.text, basis.words):
            yield source.fault(
                (*path, "words"),
                f"引文不在 {basis.article} 之中：{basis.words}",
                f"these words do not stand in {basis.article}: {basis.words!r}; quote the text exactly",
                basis.article,
            )


def bases(document: PackDocument) -> Iterator[tuple[Path_, Basis]]:
    """Every member of the document that rests on an article, with its path."""
    for section in type(document).model_fields:
        members = getattr(document, section)
        if isinstance(members, dict):
            for name, member in members.items():
                yield from _bases(member, (section, name))


def _bases(member: object, path: Path_) -> Iterator[tuple[Path_, Basis]]:
    if isinstance(member, Basis):
        yield path, member
    if isinstance(member, Model):
        for field in type(member).model_fields:
            value = getattr(member, field)
            for index, item in enumerate(value if isinstance(value, list) else []):
                yield from _bases(item, (*path, field, index))
