"""The files of a regulation as an office would hand them in: another version of what stands in its folder."""

import re
from pathlib import Path


def files_of(folder: Path, version: str) -> dict[str, str]:
    """Contents by name, those of the cases below `cases/`, under another version's name."""
    found = {
        f"cases/{path.name}" if path.parent.name == "cases" else path.name: path.read_text(encoding="utf-8")
        for path in [*folder.glob("*.yaml"), *folder.glob("*.txt"), *folder.glob("cases/*.yaml")]
    }
    found["pack.yaml"], times = re.subn(r"(?m)^(\s*)version: .*$", rf'\1version: "{version}"', found["pack.yaml"])
    assert times == 1, folder
    return found
