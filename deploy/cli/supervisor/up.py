"""From nothing to a running stack, step by step; every obstacle is a `Refusal`.

No event loop and no thread lives in this process: it forks, again and again, for as long as the stack runs.
"""

import gc
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path

from rich.console import Console

from deploy.cli.configuration import configure_all
from deploy.cli.events import trim_all
from deploy.cli.failures import Refusal
from deploy.cli.secrets import load_secrets
from deploy.cli.sign_ins import known_sign_ins, print_sign_ins
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Infrastructure, choose_infrastructure, prepare_databases
from deploy.cli.stack.ports import choose_ports, listen
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.application_part import READY_SECONDS, ApplicationPart
from deploy.cli.supervisor.daily import Daily
from deploy.cli.supervisor.health import readiness
from deploy.cli.supervisor.supervisor import Interrupted, Supervisor, interrupt_on_signals
from deploy.cli.supervisor.tasks import run_all
from kernel.config import DATABASES, PROCESSES, Process, ProcessConfig

MIGRATION_SECONDS = 300
IMPORTED_AHEAD = 2
"""Applications that are imported before anybody looks whether the servers are there: about as long as they take."""
HOPELESS = 4
"""A process that has ended this often before it was ready once will not become ready."""


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What the operator chose; `port` 0 is any free one. `workers`: how many forks serve a process, where not one."""

    data_dir: Path
    port: int
    demonstrations: bool = True
    workers: Mapping[Process, int] = field(default_factory=dict)


class Stack:
    """One run of `shegong up`."""

    def __init__(self, options: UpOptions, console: Console) -> None:
        self.options, self.console = options, console
        self.folder = DataFolder(options.data_dir)
        self.supervisor = Supervisor(self.folder, self._say)
        self._begun = time.monotonic()
        self._infrastructure: Infrastructure | None = None
        self._daily: Daily | None = None

    def run(self) -> None:
        """Start everything, tell the address and the sign-ins, keep it running until interrupted, stop it."""
        interrupt_on_signals()
        try:
            self.folder.open()
            configs = self._start()
            self._announce(configs)
            self._daily = Daily(self.folder, partial(trim_all, configs, DATABASES), self._say)
            self.supervisor.keep(self._daily.look)
        except Interrupted:
            self._say("stopping …")
        finally:
            if self._daily is not None:
                self._daily.stop()
            self.supervisor.stop()
            if self._infrastructure is not None:
                self._infrastructure.stop()
            if self.folder.is_open:
                self.folder.ready.unlink(missing_ok=True)
            self.folder.close()
        self._say("stopped; the data stay in " + str(self.folder.path))

    def _start(self) -> dict[Process, ProcessConfig]:
        secrets = load_secrets(self.folder)
        ports = choose_ports(self.folder, self.options.port)
        # Opened before anything else is: a taken port is told at once.
        servers = {name: listen(ports[name], f"the process {name}") for name in PROCESSES}
        infrastructure = choose_infrastructure(self.folder, secrets, ports)
        self._infrastructure = infrastructure
        infrastructure.start()
        for part in infrastructure.parts:
            self.supervisor.add(part)
        # While the servers start, and the rest while the first databases are migrated.
        from deploy.cli.supervisor.applications import importing

        imported = importing()
        ahead = list(islice(imported, IMPORTED_AHEAD))
        infrastructure.wait()
        self._say("PostgreSQL and NATS run")
        urls = infrastructure.urls
        self.folder.write_json(self.folder.urls, urls.as_json())
        prepare_databases(urls, secrets, self.folder)
        configs = configure_all(folder=self.folder, secrets=secrets, ports=ports, urls=urls)
        migrate_all(configs, self.folder, chain(ahead, imported))
        self._say("the databases are migrated")
        gc.collect()
        gc.freeze()
        sockets = tuple(servers.values())
        for name in PROCESSES:
            for number in self._numbers(name):
                part = ApplicationPart(configs[name], servers[name], sockets, self.folder, number)
                part.start()
                self.supervisor.add(part)
        self._wait_until_ready(configs)
        self._say("six processes are ready")
        return configs

    def _numbers(self, process: Process) -> range:
        return range(1, self.options.workers.get(process, 1) + 1)

    def _wait_until_ready(self, configs: dict[Process, ProcessConfig]) -> None:
        waiting = dict(configs)
        words: dict[str, str] = {}

        def ready() -> bool:
            self.supervisor.look()
            for name, config in list(waiting.items()):
                code, words[name] = readiness(config.listen_port)
                if code == 200:
                    del waiting[name]
                elif self.supervisor.failures(name) >= HOPELESS:
                    log = self.folder.log / f"{name}.log"
                    raise Refusal(f"The process {name} ends again and again", f"its log {log} says why")
            return not waiting

        if not wait_until(ready, seconds=READY_SECONDS, step=0.1):
            told = "; ".join(f"{name}: {words[name]}" for name in waiting)
            raise Refusal(f"Not every process became ready ({told})", f"see the logs in {self.folder.log}")

    def _announce(self, configs: dict[Process, ProcessConfig]) -> None:
        if self.options.demonstrations:
            add_demonstrations(configs["gateway"], self.folder)
        address = configs["edge"].issuer
        self.folder.write_json(self.folder.ready, {"base_url": address})
        print_sign_ins(self.console, known_sign_ins(self.folder))
        self.console.print(f"\nShegong runs: [bold]{address}/[/bold]   (Ctrl-C stops it)")

    def _say(self, words: str) -> None:
        self.console.print(f"[dim]{time.monotonic() - self._begun:6.1f} s[/dim]  {words}", highlight=False)


def migrate_all(configs: dict[Process, ProcessConfig], folder: DataFolder, processes: Iterable[Process]) -> None:
    """Bring the database of each process to the newest schema, side by side, each in a child of its own."""
    from kernel.db.migrate import upgrade

    run_all(
        (
            (name, partial(upgrade, name, configs[name].migrator_dsn.get_secret_value()))
            for name in processes
            if name in DATABASES
        ),
        folder=folder,
        purpose="migrate",
        seconds=MIGRATION_SECONDS,
    )


def add_demonstrations(config: ProcessConfig, folder: DataFolder) -> None:
    """Make the demonstration tenant of every regulation that has none yet in this stack."""
    from deploy.cli.tenant import add_and_remember, demonstration_files

    work = {
        slug: partial(add_and_remember, config, file, slug, folder)
        for slug, file in demonstration_files().items()
        if not (folder.demonstration / f"{slug}.json").exists()
    }
    if work:
        run_all(work.items(), folder=folder, purpose="demonstration", seconds=MIGRATION_SECONDS)
