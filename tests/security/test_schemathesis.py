"""The whole API against its own document: made-up and malformed requests through the edge, each answer as declared.

No answer is a server error that its operation does not declare, and 500 is never one; what the schema forbids is
refused; what is answered has the declared status, type, headers and shape.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from deploy.cli.stack.testing import RunningStack
from tests.security.population import PERSON, Population, populated

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
]
SECONDS = 30
"""Longer than any deadline of an operation."""
OFFICE = "application/vnd.openxmlformats-officedocument."


@schemathesis.serializer(OFFICE + "spreadsheetml.sheet", OFFICE + "wordprocessingml.document")
def as_it_is(_: object, value: Any) -> bytes:
    """A workbook or a template is bytes; what is made up for one is neither, and refused as such."""
    return value if isinstance(value, bytes) else str(value).encode()


def bounded(examples: int) -> settings:
    """A fixed sequence of examples: what failed once fails again."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def population(stack: RunningStack) -> Iterator[Population]:
    with populated(stack) as made:
        yield made


@pytest.fixture(scope="module")
def document(population: Population, stack: RunningStack) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_dict(population.document)
    schema.config.update(base_url=stack.base_url)
    # Of an answer without an end (declared as `text/event-stream`) the first event is judged.
    schema.config.max_stream_events = 1
    # A body with too many members is also too long altogether.
    refused = schema.config.checks.negative_data_rejection
    refused.expected_statuses = [*refused.expected_statuses, "413"]
    return schema


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize("examples", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_who_may_gets_only_declared_answers(
    document: schemathesis.BaseSchema,
    population: Population,
    http: requests.Session,
    subtests: pytest.Subtests,
    examples: int,
) -> None:
    """With real ids in every path, by somebody who holds the permission."""

    def send(case: schemathesis.Case) -> None:
        deepen(case, population)
        judge(case, population, http, who)

    for operation in operations(document):
        with subtests.test(operation.label):
            public = operation.path.startswith("/public/")
            who = None if public else population.permitted(operation.method, operation.path)
            check(operation, send, bounded(examples))


def test_a_person_gets_only_declared_answers(
    document: schemathesis.BaseSchema, population: Population, http: requests.Session, subtests: pytest.Subtests
) -> None:
    """Mostly refusals, before anything of the request was read."""
    for operation in operations(document):
        with subtests.test(operation.label):
            check(operation, lambda case: judge(case, population, http, PERSON), bounded(2), phases=["fuzzing"])


def test_nobody_gets_in_without_a_token(
    document: schemathesis.BaseSchema, population: Population, http: requests.Session, subtests: pytest.Subtests
) -> None:
    def send(case: schemathesis.Case) -> None:
        answer = judge(case, population, http, None)
        # 400 and 413: a path or a body that is not even looked at.
        assert answer.status_code in (400, 401, 405, 413)

    for operation in operations(document):
        if not operation.path.startswith("/public/"):
            with subtests.test(operation.label):
                # Few: an address without a token is soon told to slow down.
                check(operation, send, bounded(1), phases=["fuzzing"])


def operations(document: schemathesis.BaseSchema) -> Iterator[schemathesis.APIOperation]:
    """All operations; one that cannot be read fails here."""
    for found in document.get_all_operations():
        yield found.ok()


def check(
    operation: schemathesis.APIOperation,
    send: Callable[[schemathesis.Case], Any],
    chosen: settings,
    phases: Sequence[str] = ("examples", "coverage", "fuzzing"),
) -> None:
    """Run examples, boundary values (coverage) and made-up requests (fuzzing) of one operation through `send`."""
    operation.schema.config.phases.update(phases=list(phases))

    def test(case: schemathesis.Case) -> None:
        send(case)

    build_operation_test(
        config=operation.schema.config,
        operation=operation,
        test_func=test,
        given_kwargs={},
        feedback=FeedbackSources(),
        explicit_settings=chosen,
    )()


def deepen(case: schemathesis.Case, population: Population) -> None:
    """Put ids that are there where the case has made-up ones, so that it reaches what lies behind the look-up."""
    meta = case.meta
    if meta is None or meta.generation.mode.is_negative:
        return
    # A key that is in use, or cannot be one, ends a request before anything of it is read.
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if case.operation.method.lower() in ("put", "patch", "delete"):
        case.headers["If-Match"] = '"1"'
    for name in list(case.path_parameters):
        case.path_parameters[name] = pick(population, name, case.path_parameters[name])
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if name.endswith("_id") and isinstance(value, str):
                case.body[name] = pick(population, name, value)


def pick(population: Population, name: str, value: Any) -> Any:
    """A real id in place of `value`, always the same for it."""
    there = population.known.get(name) or (population.known["unit_id"] if name.endswith("unit_id") else [])
    return there[sum(str(value).encode()) % len(there)] if there else value


def judge(
    case: schemathesis.Case, population: Population, http: requests.Session, user_name: str | None
) -> requests.Response:
    """Send the case as that user, check the answer."""
    headers = {"Authorization": f"Bearer {population.token(user_name)}"} if user_name else {}
    answer = case.call(session=http, headers=headers, timeout=SECONDS)
    asked = answer.request
    assert answer.status_code != 500, f"{asked.method} {asked.url} {asked.body!r}: {answer.text}"
    # What is public is documented where it needs no token; with one it is also read where the rest is.
    checks = [one for one in CHECKS if one is not unsupported_method or not _is_public(case, population)]
    case.validate_response(answer, checks=checks, headers=headers)
    return answer


def _is_public(case: schemathesis.Case, population: Population) -> bool:
    twin = case.operation.path.replace("/api/v1/", "/public/{tenant}/")
    return case.method.lower() in population.document["paths"].get(twin, {})
