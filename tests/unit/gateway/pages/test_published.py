"""The operations that a process publishes are those of its API document, with the same members."""

from importlib import import_module

import pytest
from fastapi import FastAPI

from gateway.directory.routes import router as directory_router
from kernel.config import SERVICES
from kernel.http.router import Router
from kernel.http.service import GUARDED_BY, mount, operations

ROUTERS: dict[str, list[Router]] = {
    **{service: import_module(f"services.{service}.service").SERVICE.routers for service in SERVICES},
    "gateway": [directory_router],
}


@pytest.mark.parametrize("process", ROUTERS)
def test_what_is_published_is_what_the_document_says(process: str) -> None:
    app = FastAPI()
    for router in ROUTERS[process]:
        mount(app, router.api)
    documented = [
        {"method": method.upper(), "path": path} | {name: operation[member] for name, member in GUARDED_BY.items()}
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
    ]
    assert documented
    key = "{path} {method}".format_map
    assert sorted(operations(app), key=key) == sorted(documented, key=key)
