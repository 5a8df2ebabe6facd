"""Idempotency-Key, If-Match and the labels of enums: what is taken and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.context import Actor
from kernel.errors import BadRequest, PreconditionFailed, PreconditionRequired
from kernel.http import etag, labels
from kernel.http.idempotency import MAX_LENGTH, actor_key, fingerprint, read_key
from kernel.ids import new_id

PRINTABLE = st.text(alphabet=[chr(code) for code in range(0x20, 0x7F)], min_size=1, max_size=MAX_LENGTH)


@given(PRINTABLE)
def test_a_printable_key_is_taken_as_it_is(value: str) -> None:
    assert read_key(value) == value


@pytest.mark.parametrize("value", [None, "", "x" * (MAX_LENGTH + 1), "é", "键", "a\nb", "a\x00", "a\x7f"])
def test_any_other_key_is_refused(value: str | None) -> None:
    with pytest.raises(BadRequest):
        read_key(value)


@given(st.binary(), st.binary())
def test_fingerprints_differ_with_the_body(one: bytes, other: bytes) -> None:
    assert (fingerprint("POST", "/a", one) == fingerprint("POST", "/a", other)) is (one == other)


def test_fingerprints_differ_with_method_and_path() -> None:
    made = {fingerprint(method, path, b"{}") for method in ("POST", "PUT") for path in ("/a", "/b", "/a/b")}
    assert len(made) == 6


def test_the_same_user_in_another_post_is_another_actor() -> None:
    user = new_id()
    actors = [
        Actor("official", user=user, post=new_id()),
        Actor("official", user=user, post=new_id()),
        Actor("person", user=user, person=user),
        Actor("client", client_id=str(user)),
        Actor("public"),
    ]
    assert len({actor_key(actor) for actor in actors}) == len(actors)


@given(st.integers(0, 10**15))
def test_an_etag_is_read_as_the_version_it_was_made_of(version: int) -> None:
    assert etag._if_match(etag.etag(version)) == version
    assert etag._if_match(f"  {etag.etag(version)} ") == version


def test_a_missing_if_match_is_required() -> None:
    with pytest.raises(PreconditionRequired):
        etag._if_match(None)


@given(st.text())
def test_anything_else_is_refused(value: str) -> None:
    if not (value.strip().startswith('"') and value.strip()[1:-1].isdecimal()):
        with pytest.raises(BadRequest):
            etag._if_match(value)


@pytest.mark.parametrize("value", ["", "1", '"', '""', '"-1"', '"1.0"', 'W/"1"', "*", '"1","2"', '"' + "1" * 25 + '"'])
def test_what_is_no_etag_of_this_api_is_refused(value: str) -> None:
    with pytest.raises(BadRequest):
        etag._if_match(value)


def test_a_version_that_is_no_longer_current_fails_and_names_the_current_one() -> None:
    etag.check_version(3, 3)
    with pytest.raises(PreconditionFailed) as caught:
        etag.check_version(3, 2)
    assert caught.value.headers == {"ETag": '"3"'}


def test_labels_are_published_once_by_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "_labels", {})
    labels.labelled("test.colour", {"red": ("红", "Red")})
    labels.labelled("other.size", {"small": ("小", "Small")})
    assert labels.all_labels() == {
        "other.size": {"small": {"zh": "小", "en": "Small"}},
        "test.colour": {"red": {"zh": "红", "en": "Red"}},
    }
    assert list(labels.all_labels(("test.",))) == ["test.colour"]
    with pytest.raises(ValueError, match="twice"):
        labels.labelled("test.colour", {})
