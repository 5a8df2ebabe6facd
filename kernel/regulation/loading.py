"""Loads a pack folder with the layers above it: read, type, lay on the parent, check; all faults at once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
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

BESIDE = frozenset({"demonstration.yaml", "divisions.yaml", "survivors.yaml"})
"""Data that stands beside a pack and is no part of it."""
INSTALLED = Path(__file__).resolve().parents[2] / "regulations"
"""The regulations that this release comes with."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A pack as it was written: its own members, what it inherits, and where each stands."""

    own: PackDocument
    source: Source
    above: Layered | None
    lineage: tuple[Lineage, ...]

    def layered(self, own: PackDocument) -> tuple[Layered, list[Fault]]:
        """Own members, these or varied ones, laid on what is inherited, with the faults of what they weaken."""
        if self.above is None:
            return Layered(own, origins_of(own, self.source)), []
        layered, weakened = lay(self.above, own, self.source)
        return layered, [*_order(self.above.document, own, self.source), *weakened]


def load(folder: Path | str, library: Path | None = None) -> Pack:
    """The checked pack of the folder with everything it inherits; raises `PackRefused` with every fault.

    A parent is the folder of that name beside it, or else in `library`, so that a pack can be written anywhere. Nothing
    is loaded in part.
    """
    layered, lineage = _load(Path(folder), (), library)
    return Pack(layered.document, lineage)


def parts(folder: Path, below: tuple[str, ...] = (), library: Path | None = None) -> Parts:
    """What the folder holds and what it inherits, each layer above checked, this one not yet."""
    source = read_folder(folder, leave_out=BESIDE)
    own = _with_texts(parse(source), folder, source)
    entry = Lineage(own.pack.id, own.pack.version, digest(own))
    if own.pack.parent is None:
        return Parts(own, source, None, (entry,))
    above, lineage = _parent(folder, own, source, below, library)
    return Parts(own, source, above, (*lineage, entry))


def _load(folder: Path, below: tuple[str, ...], library: Path | None) -> tuple[Layered, tuple[Lineage, ...]]:
    read = parts(folder, below, library)
    layered, faults = read.layered(read.own)
    faults += check(layered.document, read.own, read.source)
    if faults:
        raise PackRefused(faults)
    return layered, read.lineage


def _parent(
    folder: Path, own: PackDocument, source: Source, below: tuple[str, ...], library: Path | None
) -> tuple[Layered, tuple[Lineage, ...]]:
    name = str(own.pack.parent)
    path: Path_ = ("pack", "parent")
    if name in (*below, own.pack.id):
        raise PackRefused([source.fault(path, "层级成环", f"the layers form a cycle over {name!r}; break it")])
    for parent in (folder.parent / name, *([library / name] if library else [])):
        if parent.is_dir():
            return _load(parent, (*below, own.pack.id), library)
    raise PackRefused([source.fault(path, f"没有上层“{name}”", f"no pack {name!r} beside this one; mend the name")])


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
