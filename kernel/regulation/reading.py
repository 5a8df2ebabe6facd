"""Reads a folder of YAML into plain data, remembering the file and line of every member.

YAML is read narrowly: `yes` is a text, a date is a text until the schema reads it, decimals are refused
(write them as text), a key may stand once, and aliases are refused because they can grow without bound.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kernel.errors import Text
from kernel.regulation.faults import Fault, PackRefused

Path_ = tuple[str | int, ...]
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
DECIMAL = re.compile(r"[-+]?[0-9]*\.[0-9]+([eE][-+]?[0-9]+)?\Z")
PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Source:
    """Plain data with the place of each member: path → (file, line)."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path_) -> tuple[str, int | None]:
        """The place of a member, or of the nearest one around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return ("pack.yaml", None)

    def fault(self, path: Path_, zh: str, en: str, article: str | None = None) -> Fault:
        """A fault at that path."""
        file, line = self.place(path)
        return Fault(file, dotted(path), line, article or self.article(path), Text(zh, en))

    def article(self, path: Path_) -> str | None:
        """The article that the nearest member around the path cites."""
        found: str | None = None
        member: Any = self.data
        for step in path:
            if isinstance(member, Mapping) and isinstance(member.get("article"), str):
                found = member["article"]
            try:
                member = member[step]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(member, Mapping) and isinstance(member.get("article"), str):
            found = member["article"]
        return found


def dotted(path: Path_) -> str:
    """A path as people write it: `rules.eligibility.age.condition`, `workflows.hire.steps[0].kind`."""
    written = ""
    for step in path:
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else str(step)
    return written or "(whole pack)"


def read_yaml(text: str, file: str, source: Source | None = None) -> Source:
    """Add one YAML file to the source; a section may be spread over files, a member may not."""
    source = source if source is not None else Source()
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        # A large file is not parsed a second time for what it cannot hold.
        aliased = "*" in text and any(
            isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        message = Text("YAML 语法错误", f"not readable as YAML: {getattr(error, 'problem', None) or 'syntax'}")
        source.faults.append(Fault(file, "(whole file)", line, None, message))
        return source
    if aliased:
        refused = Text("不允许 YAML 别名（*）", "YAML aliases (*name) are refused; write the value out")
        source.faults.append(Fault(file, "(whole file)", None, None, refused))
        return source
    if node is None:
        return source
    data = _Builder(file, source).build(node, ())
    if not isinstance(data, dict):
        source.faults.append(
            Fault(file, "(whole file)", 1, None, Text("文件应为映射", "a pack file is a mapping of sections"))
        )
        return source
    for section, content in data.items():
        known = source.data.get(section)
        if known is None:
            source.data[section] = content
        elif isinstance(known, dict) and isinstance(content, dict) and not set(known) & set(content):
            known.update(content)
        else:
            twice = ", ".join(sorted(set(known) & set(content))) if isinstance(content, dict) else section
            source.faults.append(source.fault((section,), f"重复：{twice}", f"written twice: {twice}; keep one"))
    return source


def read_folder(folder: Path, *, leave_out: frozenset[str] = frozenset()) -> Source:
    """All YAML files of the folder (not of its subfolders) as one source; raises `PackRefused`."""
    source = Source()
    files = sorted(path for path in folder.glob("*.yaml") if path.name not in leave_out)
    for path in files:
        read_yaml(path.read_text(encoding="utf-8"), f"{folder.name}/{path.name}", source)
    if not files:
        nothing = Text("文件夹内没有 YAML 文件", "no YAML file in the folder; a pack has at least pack.yaml")
        source.faults.append(Fault(folder.name, "(whole pack)", None, None, nothing))
    if source.faults:
        raise PackRefused(source.faults)
    return source


def faults_of(error: ValidationError, source: Source) -> list[Fault]:
    """What the schema refuses, at the places where it was written."""
    faults = []
    for each in error.errors(include_url=False, include_input=False):
        mend = each["msg"].removeprefix("Value error, ")
        faults.append(source.fault(_written(source.data, each["loc"]), f"不符合格式：{mend}", mend))
    return faults


def _written(data: Any, loc: tuple[int | str, ...]) -> Path_:
    """The written part of an error's place: branches of a union appear in it under type names."""
    path: list[int | str] = []
    for step in loc:
        inside = isinstance(data, dict) and step in data
        if inside or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            data = data[step]
        elif step is not loc[-1] or step == "[key]":
            continue
        path.append(step)
    return tuple(path)


class _Builder:
    def __init__(self, file: str, source: Source) -> None:
        self.file = file
        self.source = source

    def build(self, node: yaml.Node, path: Path_) -> Any:
        self.source.places.setdefault(path, (self.file, node.start_mark.line + 1))
        if isinstance(node, yaml.MappingNode):
            return dict(self.members(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self.scalar(node, path)

    def members(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            self.source.places.setdefault(here, (self.file, key_node.start_mark.line + 1))
            if key in seen:
                line = key_node.start_mark.line + 1
                message = Text(f"键“{key}”重复", f"key {key!r} stands twice; keep one")
                self.source.faults.append(Fault(self.file, dotted(here), line, None, message))
                continue
            seen.add(key)
            yield key, self.build(value_node, here)

    def scalar(self, node: yaml.Node, path: Path_) -> Any:
        text = str(node.value)
        if getattr(node, "style", None):  # quoted or block text; plain is None or empty, by parser
            return text
        if text in PLAIN:
            return PLAIN[text]
        if INTEGER.match(text):
            return int(text)
        if DECIMAL.match(text):
            line = node.start_mark.line + 1
            message = Text("小数请加引号", f"write the decimal as text: '{text}' (a binary fraction is never exact)")
            self.source.faults.append(Fault(self.file, dotted(path), line, None, message))
        return text
