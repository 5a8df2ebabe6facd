"""CloudEvents headers and subject: what is written is what is read, and contradictions are refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kernel.context import TenantId
from kernel.events.envelope import Envelope, Malformed, body, parse, sealed_member
from kernel.ids import new_id

ENVELOPE = Envelope(
    id=new_id(),
    source="recruitment",
    tenant=TenantId(new_id()),
    aggregate_type="application",
    aggregate_id=new_id(),
    version=4,
    event="hired",
    event_version=2,
    business_time=datetime(2026, 3, 1, 8, tzinfo=UTC),
    recorded_at=datetime(2026, 3, 2, 9, 30, 0, 125000, tzinfo=UTC),
    body=b'{"n":1}',
    unit_no=42000,
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def test_an_envelope_survives_the_journey() -> None:
    assert parse(ENVELOPE.subject, ENVELOPE.headers(), ENVELOPE.body) == ENVELOPE


def test_the_headers_are_those_of_cloudevents() -> None:
    headers = ENVELOPE.headers()
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-source"] == "/shegong/recruitment"
    assert headers["ce-type"] == "shegong.recruitment.application.hired.v2"
    assert headers["ce-subject"] == str(ENVELOPE.aggregate_id)
    assert headers["ce-time"] == "2026-03-02T09:30:00.125000Z"


def test_a_message_has_them_one_a_line() -> None:
    lines = ENVELOPE.lines()
    assert lines == "".join(f"{name}: {value}\r\n" for name, value in ENVELOPE.headers().items())
    assert len(ENVELOPE.headers()) == 12


def test_what_an_event_need_not_have_is_left_out() -> None:
    bare = replace(ENVELOPE, unit_no=None, traceparent=None)
    assert len(bare.headers()) == 10
    assert parse(bare.subject, bare.headers(), bare.body) == bare


@pytest.mark.parametrize("value", ["a\r\nNats-Msg-Id: 2", "a\nb", "a\rb"])
def test_a_header_cannot_begin_another(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        replace(ENVELOPE, traceparent=value).lines()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce-id", "7"),
        ("ce-aggregateversion", "0"),
        ("ce-aggregateversion", "one"),
        ("ce-tenantid", str(new_id())),
        ("ce-businesstime", "yesterday"),
        ("ce-subject", ""),
    ],
)
def test_headers_that_are_wrong_or_contradict_the_subject_are_refused(header: str, value: str) -> None:
    with pytest.raises(Malformed):
        parse(ENVELOPE.subject, {**ENVELOPE.headers(), header: value}, b"{}")


@pytest.mark.parametrize("subject", ["shegong.recruitment", "other.a.b.c.d.v1", "shegong.a.b.c.d.e", ""])
def test_a_foreign_subject_is_refused(subject: str) -> None:
    with pytest.raises(Malformed):
        parse(subject, ENVELOPE.headers(), b"{}")


@pytest.mark.parametrize("data", ["{}", '{"n":1}', '{ "n" : 1 }'])
def test_the_sealed_member_stands_in_the_body(data: str) -> None:
    made = body(data, {"receiver": "roster"})
    assert sealed_member(made) == {"receiver": "roster"}
    assert sealed_member(body(data, None)) is None


def test_a_body_that_is_no_json_is_refused() -> None:
    with pytest.raises(Malformed):
        sealed_member(b"{")
