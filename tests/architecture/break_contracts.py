"""Run in a scratch copy of the tree: breaks each import contract once, with one import, and says what happened.

Prints one JSON line: contract → {holds, broken_by, fails_when_broken}.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grimp import ImportGraph, build_graph
from importlinter.application import use_cases
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure

configure()
sys.path.insert(0, ".")
SETTINGS: dict[str, Any] = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]


def plain(options: dict[str, Any]) -> dict[str, Any]:
    """Options as import-linter's own reader gives them: truth values as text."""
    return {key: str(value) if isinstance(value, bool) else value for key, value in options.items()}


CONTRACTS = [plain(contract) for contract in SETTINGS.pop("contracts")]
SESSION = plain(SETTINGS)
use_cases._register_contract_types(UserOptions(session_options=SESSION, contracts_options=[]))


def matching(graph: ImportGraph, pattern: str) -> list[str]:
    """The modules that a wildcard expression means, in order."""
    expression = re.compile("^" + re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^.]+") + "$")
    return sorted(module for module in graph.modules if expression.match(module))


def pairs(graph: ImportGraph, contract: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(importer, imported) by which the contract is broken."""
    match contract["type"]:
        case "layers":
            for container in contract.get("containers", [""]):
                prefix = f"{container}." if container else ""
                layers = [[part.strip() for part in re.split("[|:]", layer)] for layer in contract["layers"]]
                yield prefix + layers[-1][0], prefix + layers[0][0]
        case "independence":
            modules = [found for pattern in contract["modules"] for found in matching(graph, pattern)]
            yield modules[0], modules[1]
        case "forbidden":
            for source in contract["source_modules"]:
                for target in contract["forbidden_modules"]:
                    for importer in matching(graph, source):
                        for imported in matching(graph, target):
                            yield importer, imported
        case "acyclic_siblings":
            yield "kernel.ids", "kernel.http.router"
            yield "gateway.directory.rules", "gateway.identity.rules"
        case "protected":
            yield "kernel.ids", contract["protected_modules"][0]


def file_of(module: str) -> Path:
    """The module's file in the scratch copy."""
    path = Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def holds(contract: dict[str, Any]) -> bool:
    """Whether import-linter finds the contract kept in this folder as it is now."""
    options = UserOptions(session_options=SESSION, contracts_options=[contract])
    return not use_cases.create_report(options, cache_dir=".graph").contains_failures


def main() -> None:
    """Break each contract, look, mend."""
    graph = build_graph(*SESSION["root_packages"], include_external_packages=True, cache_dir=".graph")
    verdicts = {}
    for contract in CONTRACTS:
        verdict: dict[str, Any] = {"holds": holds(contract), "broken_by": None, "fails_when_broken": False}
        pair = next(pairs(graph, contract), None)
        if pair is not None:
            importer, imported = pair
            file = file_of(importer)
            before = file.read_text()
            file.write_text(f"{before}\nimport {imported}\n")
            verdict |= {"broken_by": f"{importer} imports {imported}", "fails_when_broken": not holds(contract)}
            file.write_text(before)
        verdicts[contract["name"]] = verdict
    print(json.dumps(verdicts))  # noqa: T201 - the answer of this script


main()
