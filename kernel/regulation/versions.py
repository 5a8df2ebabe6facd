"""Versions of one pack in time: a new process takes the version in force on its date, an old one keeps its own (P5)."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from kernel.errors import Conflict, NotFound, ParameterNotSet, Text
from kernel.regulation.faults import Fault
from kernel.regulation.loading import Parts
from kernel.regulation.pack import Pack


def version_faults(written: Iterable[Parts]) -> Iterator[Fault]:
    """Versions of one regulation that stand twice or hold on the same day, each at the line of the later one."""
    ordered = sorted(written, key=lambda each: (each.own.pack.id, each.own.pack.effective))
    for earlier, later in pairwise(ordered):
        before, here = earlier.own.pack, later.own.pack
        if before.id != here.id:
            continue
        file, line = earlier.source.place(("pack", "version" if before.version == here.version else "effective"))
        if before.version == here.version:
            yield later.source.fault(
                ("pack", "version"),
                f"版本 {here.version} 已写在 {file}:{line}",
                f"version {here.version} stands in {file}:{line} already; give this one another",
            )
        if before.effective_before is None or before.effective_before > here.effective:
            yield later.source.fault(
                ("pack", "effective"),
                f"与 {file}:{line} 的版本 {before.version} 施行日期重叠，请为其写明 effective_before",
                f"overlaps version {before.version} of {file}:{line}; end that one (effective_before)",
            )


class PackSet:
    """All versions of one regulation, without gaps of doubt: no two hold on the same day."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        """Raises `Conflict` when versions overlap, stand twice, or belong to different regulations."""
        self.packs = tuple(sorted(packs, key=lambda pack: pack.document.pack.effective))
        for earlier, later in zip(self.packs, self.packs[1:], strict=False):
            before = earlier.document.pack.effective_before
            if earlier.id != later.id or earlier.version == later.version:
                raise Conflict(
                    Text(
                        "版本号或办法不一致",
                        f"{earlier.id} {earlier.version} and {later.id} {later.version} do not differ as versions",
                    )
                )
            if before is None or before > later.document.pack.effective:
                raise Conflict(
                    Text(
                        f"版本 {earlier.version} 与 {later.version} 施行日期重叠，请为前者写明失效日期",
                        f"versions {earlier.version} and {later.version} overlap; end the earlier one "
                        "(effective_before)",
                    )
                )

    def on(self, day: date) -> Pack:
        """The version in force on that day; raises `ParameterNotSet` where none is."""
        for pack in self.packs:
            if pack.in_force(day):
                return pack
        raise ParameterNotSet(Text(f"{day} 没有生效的管理办法", f"no version of the regulation is in force on {day}"))

    def version(self, version: str) -> Pack:
        """The very version under which a process began; raises `NotFound`."""
        for pack in self.packs:
            if pack.version == version:
                return pack
        raise NotFound(cause=f"no version {version}")
