"""Problem documents: in the reader's language, with what to do next, without what was sent or the database said."""

from typing import Annotated, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError
from sqlalchemy.exc import DBAPIError

from kernel.db.refusals import as_problem
from kernel.errors import (
    BadRequest,
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    Problem,
    RuleRefused,
    Text,
    Unauthenticated,
    Unavailable,
    all_problems,
    places,
)
from kernel.http.problems import answer, document, from_validation, preferred_language
from kernel.http.schema import Body

SECRET = "990101198501010010"  # noqa: S105 - a made-up identity number, which must never come back


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.8,zh;q=0.9", "zh"),
        ("fr, en;q=0.5", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en;q=0", "zh"),
        ("en;q=0, zh;q=0", "zh"),
        ("en;q=nan", "zh"),
        ("en;q=many, zh;q=0.1", "zh"),
        (",,,;q=1,", "zh"),
    ],
)
def test_the_language_that_stands_first_is_taken(header: str, language: str) -> None:
    assert preferred_language(header) == language


@given(st.text())
def test_no_header_makes_it_stumble(header: str) -> None:
    assert preferred_language(header) in ("zh", "en")


def test_every_problem_speaks_both_languages_and_has_its_own_name() -> None:
    kinds = all_problems()
    named = [kind.name for kind in kinds if "name" in vars(kind)]
    assert len(set(named)) == len(named)
    for kind in kinds:
        assert 400 <= kind.status <= 599
        for text in (kind.title, kind.advice):
            assert text.zh
            assert text.en
            assert text.zh != text.en


def test_a_document_has_the_members_of_rfc_9457_in_the_language_asked_for() -> None:
    problem = RuleRefused(
        Text("年龄超过", "Too old"),
        article="NM-9",
        errors=[FieldError("/born", Text("过早", "too early"), rule="age", article="NM-9")],
    )
    made = document(problem, "zh", "r-1")
    assert made == {
        "type": "/problems/rule-refused",
        "title": "不符合规定",
        "status": 409,
        "detail": "年龄超过",
        "advice": "请按所引条款改正",
        "instance": "r-1",
        "article": "NM-9",
        "errors": [{"pointer": "/born", "message": "过早", "rule": "age", "article": "NM-9"}],
    }
    assert document(problem, "en", "r-1")["detail"] == "Too old"


def test_empty_members_are_left_out() -> None:
    assert set(document(NotFound(), "en", "r-1")) == {"type", "title", "status", "advice", "instance"}


def test_the_cause_stays_inside() -> None:
    problem = Conflict(cause=f"duplicate key ({SECRET})")
    assert SECRET not in orjson.dumps(document(problem, "en", "r")).decode()
    assert str(problem) == f"duplicate key ({SECRET})"


def test_an_answer_says_its_type_language_and_that_it_is_not_kept() -> None:
    sent = answer(Unauthenticated(), "zh", "r-1")
    assert (sent.status_code, sent.media_type) == (401, "application/problem+json")
    assert sent.headers["content-language"] == "zh"
    assert sent.headers["cache-control"] == "no-store"
    assert sent.headers["www-authenticate"] == "Bearer"
    assert answer(Unavailable(retry_after=7), "zh", "r-1").headers["retry-after"] == "7"


class Inner(Body):
    number: Annotated[str, Field(max_length=3)]


class Outer(Body):
    name: Annotated[str, Field(pattern="^[a-z]+$")]
    count: Annotated[int, Field(ge=1, le=9)]
    inner: list[Inner] = Field(default_factory=list)


def refused(body: dict[str, Any]) -> Problem:
    """The problem that FastAPI's validation of that body becomes."""
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    return from_validation(errors)


def test_invalid_members_are_pointed_at_and_their_values_not_repeated() -> None:
    problem = refused({"name": SECRET, "count": int(SECRET), "inner": [{"number": SECRET}, {}]})
    for language in ("zh", "en"):
        made = document(problem, language, "r-1")
        assert SECRET not in orjson.dumps(made).decode()
        assert [error["pointer"] for error in made["errors"]] == [
            "/name",
            "/count",
            "/inner/0/number",
            "/inner/1/number",
        ]
    assert made["errors"][1]["message"] == "above the greatest allowed"


def test_a_pointer_escapes_as_rfc_6901_says() -> None:
    problem = refused({"name": "a", "count": 1, "a/b~c": 1})
    assert [error.pointer for error in problem.errors] == ["/a~1b~0c"]


def test_a_body_that_is_no_json_is_a_bad_request() -> None:
    problem = from_validation([{"type": "json_invalid", "loc": ("body", 3), "msg": SECRET, "input": SECRET}])
    assert isinstance(problem, BadRequest)
    assert SECRET not in orjson.dumps(document(problem, "en", "r")).decode()


def test_the_places_of_an_error_name_no_value() -> None:
    def inner(secret: str) -> None:
        raise ValueError(secret)

    try:
        inner(SECRET)
    except ValueError as error:
        found = places(error)
    assert [place.rpartition(" ")[2] for place in found] == ["test_the_places_of_an_error_name_no_value", "inner"]
    assert SECRET not in str(found)


class ServerError(Exception):
    """As asyncpg raises it."""

    def __init__(self, state: str) -> None:
        super().__init__(f"invalid value {SECRET}\nDETAIL:  Key (id_number)=({SECRET}) already exists.")
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("23P01", 409),
        ("23503", 409),
        ("23505", 409),
        ("40P01", 409),
        ("40001", 409),
        ("55P03", 409),
        ("42501", 404),
        ("57P01", 503),
        ("57014", 503),
        ("08006", 503),
        ("53300", 503),
        ("25P03", 503),
        ("22021", 422),
        ("22003", 422),
        ("22012", 500),
        ("42P01", 500),
    ],
)
def test_what_the_database_says_becomes_a_problem_without_its_detail(state: str, status: int) -> None:
    problem = as_problem(DBAPIError("insert", {}, ServerError(state)))
    assert problem.status == status
    for language in ("zh", "en"):
        assert SECRET not in orjson.dumps(document(problem, language, "r")).decode()
    assert "DETAIL" not in str(problem)
    if state.startswith("22"):
        # Messages of this class repeat values, and causes are logged.
        assert SECRET not in str(problem)
    assert isinstance(problem, InvalidInput) is (status == 422)


def test_a_missing_grant_is_a_mistake_of_ours_and_no_missing_record() -> None:
    missing = ServerError("42501")
    missing.args = ("permission denied for table roster_dossier",)
    assert as_problem(DBAPIError("delete", {}, missing)).status == 500
