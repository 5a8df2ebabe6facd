"""Loads a pack folder with the layers above it: read, type, lay on the parent, check; all faults at once."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import orjson
from pydantic import ValidationError

from kernel.regulation.checking import check
from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.layers import Layered, lay, origins_of
from kernel.regulation.pack import Lineage, Pack
from kernel.regulation.reading import Path_, Source, faults_of, read_folder
from kernel.regulation.schema import PackDocument
from kernel.regulation.schema.articles import Article
from kernel.regulation.schema.meta import LAYERS
from kernel.regulation.texts import articles_of

BESIDE = frozenset({"demonstration.yaml", "divisions.yaml"})  # data that stands beside a pack and is no part of it


INSTALLED = Path(__file__).resolve().parents[2] / "regulations"
"""The regulations that this release comes with."""


def load(folder: Path | str, *, above: Path | None = None) -> Pack:
    """The checked pack of the folder with everything it inherits; raises `PackRefused` with every fault.

    A parent is the folder of that name beside it, or in the folder `above`. Nothing is loaded in part.
    """
    layered, lineage = _load(Path(folder), (), above)
    return Pack(layered.document, tuple(lineage))


def _load(folder: Path, below: tuple[str, ...], layers: Path | None) -> tuple[Layered, list[Lineage]]:
    source = read_folder(folder, leave_out=BESIDE)
    own = _with_texts(parse(source), folder, source)
    entry = Lineage(own.pack.id, own.pack.version, digest(own))
    if own.pack.parent is None:
        layered, lineage = Layered(own, origins_of(own, source)), [entry]
        faults: list[Fault] = []
    else:
        above, lineage = _parent(layers or folder.parent, own, source, below)
        faults = list(_order(above.document, own, source))
        layered, weakened = lay(above, own, source)
        faults += weakened
        lineage = [*lineage, entry]
    faults += check(layered.document, own, source)
    if faults:
        raise PackRefused(faults)
    return layered, lineage


def _parent(layers: Path, own: PackDocument, source: Source, below: tuple[str, ...]) -> tuple[Layered, list[Lineage]]:
    name = str(own.pack.parent)
    path: Path_ = ("pack", "parent")
    if name in (*below, own.pack.id):
        raise PackRefused([source.fault(path, "层级成环", f"the layers form a cycle over {name!r}; break it")])
    parent = layers / name
    if not parent.is_dir():
        raise PackRefused([source.fault(path, f"没有上层“{name}”", f"no pack {name!r} beside this one")])
    return _load(parent, (*below, own.pack.id), layers)


def _order(above: PackDocument, own: PackDocument, source: Source) -> Iterable[Fault]:
    if LAYERS.index(own.pack.layer) <= LAYERS.index(above.pack.layer):
        yield source.fault(
            ("pack", "layer"),
            f"层级 {own.pack.layer} 应低于上层 {above.pack.layer}",
            f"layer {own.pack.layer!r} must lie below its parent's {above.pack.layer!r}",
        )


def parse(source: Source) -> PackDocument:
    """The typed document of what was read; raises `PackRefused` with file, path, line and article of each fault."""
    try:
        return PackDocument.model_validate_json(orjson.dumps(source.data))
    except ValidationError as error:
        raise PackRefused(faults_of(error, source)) from error


def _with_texts(own: PackDocument, folder: Path, source: Source) -> PackDocument:
    """Each article with its official text; an article of a complete text that is not listed is a fault."""
    articles: dict[str, Article] = dict(own.articles)
    faults: list[Fault] = []
    for index, text in enumerate(own.pack.texts):
        path: Path_ = ("pack", "texts", index, "file")
        file = folder / text.file
        if not file.is_file():
            faults.append(source.fault(path, f"缺少文本 {text.file}", f"no file {text.file!r} beside the pack"))
            continue
        bodies = articles_of(file.read_text(encoding="utf-8"))
        for number, body in bodies.items():
            citation = f"{text.prefix}-{number}"
            if citation in articles:
                articles[citation] = articles[citation].model_copy(update={"text": body})
            elif text.complete:
                faults.append(
                    source.fault(("articles",), f"未列出 {citation}", f"{citation} is not listed; add it", citation)
                )
        known = {f"{text.prefix}-{number}" for number in bodies}
        for citation in articles:
            if citation.startswith(f"{text.prefix}-") and citation not in known:
                faults.append(
                    source.fault(("articles", citation), "文本中没有此条", f"{text.file} has no such article", citation)
                )
    if faults:
        raise PackRefused(faults)
    return own.model_copy(update={"articles": articles})


def digest(document: PackDocument) -> str:
    """Content hash: SHA-256 over the document as JSON with sorted keys."""
    data = document.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()
