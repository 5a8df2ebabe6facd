"""Versions of the demonstration's regulation, as an office would hand them in."""

from pathlib import Path

from tests.integration.gateway.house import FILE
from tests.regulation_files import files_of

AGE = 40
"""The age limit of the version that the demonstration begins with."""


def files(version: str, age: int = 45, folder: Path = FILE.parent) -> dict[str, str]:
    """The files of another version, with another age limit and the cases that prove it."""
    found = files_of(folder, version)
    swap(found, "parameters.yaml", f"    value: {AGE}\n", f"    value: {age}\n")
    swap(found, "cases/figures.yaml", f"recruitment.age_limit, value: {AGE}", f"recruitment.age_limit, value: {age}")
    cases, more = found["cases/eligibility.yaml"], age - AGE
    values = ("outcome: needs_judgement, value: {}", "outcome: met, value: {}")
    for years in (46, 45, 41, 40, 39):
        for written in ("age_years: {}", *values, "relaxed_age_limit: {}"):
            cases = cases.replace(written.format(years), written.format(years + more))
    found["cases/eligibility.yaml"] = cases
    return found


def swap(found: dict[str, str], name: str, old: str, new: str) -> None:
    """Write something else at one place of a file."""
    assert old in found[name], f"{name} has no {old!r}"
    found[name] = found[name].replace(old, new, 1)
