"""Makes the tenants that are filled, each of the whole territory of a regulation, and tells how far it has come."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict, Unpack
from uuid import UUID

from deploy.cli.configuration import running_configuration, running_urls
from deploy.cli.failures import Refusal
from deploy.cli.generation.ground import read
from deploy.cli.generation.leisure import at_leisure
from deploy.cli.generation.run import Configs, Wanted, fill
from deploy.cli.generation.tenancy import known_units, sizes, units_for
from deploy.cli.generation.workers import Setting
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.waiting import wait_until
from deploy.cli.tenant import Wanted as NewTenant
from deploy.cli.tenant import add_tenant
from deploy.cli.territory import DIVISIONS, describe, read_divisions
from gateway.directory.queries import tenant_of_slug
from kernel.config import SERVICES, ProcessConfig
from kernel.db.transaction import Database
from kernel.regulation.loading import load

REGULATIONS = Path(__file__).resolve().parents[3] / "regulations"
HEARD_SECONDS = 900.0
SHOWN_SECONDS = 5.0
STAFFED, FEWEST, OFFICIALS = 300, 50, 1500
"""Units below the divisions that get departments; officials of a small and of a large tenant."""


class Size(TypedDict):
    """How much is generated, and of which seed."""

    workers: int
    tenants: int
    seed: int
    last_year: int | None


def make(data_dir: Path, *, slug: str, say: Callable[[str], None], **size: Unpack[Size]) -> list[Wanted]:
    """Make and fill the tenants; what each was filled with."""
    folder, year = DataFolder(data_dir), _last_year(size)
    configs: Configs = {name: running_configuration(folder, name) for name in ("gateway", *SERVICES)}
    began = time.monotonic()
    wanted: list[Wanted] = []
    for number, (name, count, regulation) in enumerate(_named(slug, size), 1):
        setting, units = _found(configs, regulation, name, f"{size['seed']}|{number}", count, year)
        wanted.append(Wanted(setting, count))
        say(f"{name}: {count:,} workers under {regulation.name}, {units:,} units")
    with at_leisure(folder, running_urls(folder)):
        stored = fill({name: configs[name] for name in SERVICES}, wanted, _Teller(say))
    for table, rows in sorted(stored.items()):
        say(f"{rows:>12,}  {table}")
    seconds = time.monotonic() - began
    say(f"{stored.total():>12,}  rows in {seconds:,.0f} s, all of them seen under row-level security")
    return wanted


def known(data_dir: Path, *, slug: str, **size: Unpack[Size]) -> list[Wanted]:
    """What `make` has made before, of the same name and size. Raises `Refusal` where a tenant is not there."""
    config, year, wanted = running_configuration(DataFolder(data_dir), "gateway"), _last_year(size), list[Wanted]()
    named = list(_named(slug, size))
    tenants = asyncio.run(_tenants(config, [name for name, *_ in named]))
    for number, (name, count, regulation) in enumerate(named, 1):
        tenant = tenants.get(name)
        if tenant is None:
            raise Refusal(f"There is no tenant {name}", "generate it, or leave the name away")
        ground = read(regulation, date(year, 12, 31))
        wanted.append(Wanted(Setting(str(tenant), f"{size['seed']}|{number}", year, ground), count))
    return wanted


async def _tenants(config: ProcessConfig, names: Sequence[str]) -> dict[str, UUID | None]:
    database = Database.open(config)
    try:
        return {name: await tenant_of_slug(database, name) for name in names}
    finally:
        await database.close()


def _last_year(size: Size) -> int:
    return size["last_year"] or datetime.now(UTC).year - 1


def _named(slug: str, size: Size) -> Iterator[tuple[str, int, Path]]:
    for number, (count, regulation) in enumerate(plans(size["workers"], size["tenants"]), 1):
        yield (f"{slug}-{number}" if size["tenants"] > 1 else slug), count, regulation


class _Teller:
    """Says how far it has come every few seconds, with an estimate."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._last = say, 0.0

    def __call__(self, done: int, total: int, seconds: float) -> None:
        if done == total or seconds - self._last >= SHOWN_SECONDS:
            self._last = seconds
            left = seconds / max(done, 1) * (total - done)
            self._say(f"{done:>9,} of {total:,} workers, {done / seconds:,.0f} a second, {left:,.0f} s to go")


def plans(workers: int, tenants: int) -> list[tuple[int, Path]]:
    """The workers and the regulation of each tenant; the regulation with the most divisions comes first."""
    folders = [file.parent for file in REGULATIONS.glob(f"*/{DIVISIONS}")]
    folders.sort(key=lambda one: (-len(read_divisions(one / DIVISIONS)), one.name))
    return [(count, folders[place % len(folders)]) for place, count in enumerate(sizes(workers, tenants))]


def _found(configs: Configs, regulation: Path, name: str, seed: str, workers: int, year: int) -> tuple[Setting, int]:
    """Make the tenant and wait until every service knows its units."""
    known = read_divisions(regulation / DIVISIONS)
    levels = {kind: list(one.levels) for kind, one in load(regulation).document.departments.items()}
    with TemporaryDirectory() as room:
        file = Path(room) / "tenant.yaml"
        lines = describe(
            name,
            known,
            levels,
            **units_for(workers, known),
            officials=min(OFFICIALS, max(FEWEST, workers // 10)),
            staffed=STAFFED,
        )
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        begins = datetime(year + 1, 1, 4, 1, tzinfo=UTC)
        made = add_tenant(configs["gateway"], NewTenant(file, name, begins, regulation))
    units = int(made["counts"]["units"])
    _wait(configs, UUID(made["tenant_id"]), units)
    return Setting(made["tenant_id"], seed, year, read(regulation, date(year, 12, 31))), units


def _wait(configs: Configs, tenant: UUID, units: int) -> None:
    def heard() -> bool:
        return all(asyncio.run(known_units(configs[name], tenant)) == units for name in SERVICES)

    if not wait_until(heard, seconds=HEARD_SECONDS, step=0.5):
        raise Refusal("A service has not heard of all units of the tenant", "see its log in the data folder")
