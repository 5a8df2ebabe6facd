"""The platform under measurement: a stack with made-up workers, its services asked as the edge asks them."""

import contextlib
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid4

from deploy.cli.configuration import running_configuration
from deploy.cli.generation.founding import REGULATIONS, Size, known, make
from deploy.cli.generation.run import Wanted
from deploy.cli.generation.workers import Setting
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.testing import RunningStack
from kernel.access.principal import Principal, sign
from kernel.config import Process, ProcessConfig
from kernel.context import EVERYTHING
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack


@dataclass
class Platform:
    """A running stack and what was generated into it."""

    data_dir: Path
    tenants: Sequence[Wanted]
    """Generated into it, the largest first."""
    stack: RunningStack | None = None
    """The stack where it is the bench's own."""

    @property
    def setting(self) -> Setting:
        """That of the largest tenant."""
        return self.tenants[0].setting

    @property
    def tenant(self) -> UUID:
        """The tenant that is asked for."""
        return UUID(self.setting.tenant)

    @cached_property
    def pack(self) -> Pack:
        """Its regulation."""
        return load(REGULATIONS / self.setting.ground.pack_id)

    def config(self, process: Process) -> ProcessConfig:
        """The configuration of one process."""
        return running_configuration(DataFolder(self.data_dir), process)

    def database_url(self, process: str) -> str:
        """A superuser's, for looking on."""
        url = str(json.loads(DataFolder(self.data_dir).urls.read_text())["database"])
        return f"{url.rpartition('/')[0]}/shegong_{process}"

    def principal(self, process: Process, method: str, path: str, permission: str) -> str:
        """What the edge would sign for an official who may do this in the whole tenant; it holds for half a minute."""
        grant = self.pack.grants(permission)[0]
        made = Principal(
            service=process,
            method=method,
            path=path,
            issued_at=time.time(),
            tenant=self.tenant.bytes,
            lo=EVERYTHING.lo,
            hi=EVERYTHING.hi,
            kind="official",
            business_time=time.time(),
            permission=permission,
            request_id=str(uuid4()),
            user=uuid4().bytes,
            post=uuid4().bytes,
            unit_no=1,
            department_kind=grant.departments[0],
            level=grant.levels[0],
            duty=grant.duties[0],
        )
        return sign(made, bytes.fromhex(self.config(process).principal_key.get_secret_value()))


@dataclass
class Run:
    """How a bench is to be run. `platform` is made when the first bench asks for it and serves them all."""

    seconds: float
    rounds: int
    workers: int = 30_000
    tenants: int = 1
    data_dir: Path | None = None
    """Of a stack that runs already; without it the benches start one of their own."""
    slug: str = ""
    """Beginning of the names of tenants that `shegong data generate` made there; without it more are made."""
    big: bool = False
    """`lists` takes a tenant of the nation's largest size, with the rows of few lists."""
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @cached_property
    def platform(self) -> Platform:
        """The platform, with its workers in it."""
        return self._open.enter_context(_platform(self))

    def close(self) -> None:
        """Stop what was started."""
        self._open.close()


@contextlib.contextmanager
def _platform(run: Run) -> Iterator[Platform]:
    with contextlib.ExitStack() as opened:
        stack, data_dir = None, run.data_dir
        if data_dir is None:
            room = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="bench-platform-")))
            stack = RunningStack(room)
            opened.callback(stack.stop)
            stack.start("--no-demonstrations")
            data_dir = stack.data_dir
        size: Size = {"workers": run.workers, "tenants": run.tenants, "seed": 1, "last_year": None}
        if run.slug:
            yield Platform(data_dir, known(data_dir, slug=run.slug, **size), stack)
            return
        say = print if run.workers > 1000 else lambda _: None
        yield Platform(data_dir, make(data_dir, slug=f"bench-{uuid4().hex[:8]}", say=say, **size), stack)
