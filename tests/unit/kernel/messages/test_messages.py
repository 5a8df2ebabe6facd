"""What a message says and how it leaves: templates in both languages, files that only the stack's user reads, HTTP."""

import json
import stat
from pathlib import Path

import httpx
import pytest

from kernel.config import ProcessConfig
from kernel.errors import Unavailable
from kernel.ids import new_id
from kernel.messages.sender import FolderSender, HttpSender, NoSender, Outgoing, folder_of, sender_of
from kernel.messages.template import template


def outgoing() -> Outgoing:
    return Outgoing(new_id(), new_id(), "sms", "test.kind", "13900000000", "text of the message")


def test_a_template_speaks_both_languages() -> None:
    made = template("test.both", zh="验证码{code}", en="Code {code}")
    assert made.fill("zh", code="1") == "验证码1"
    assert made.fill("en", code="1") == "Code 1"
    with pytest.raises(KeyError):
        made.fill("zh")


def test_a_template_is_declared_once_and_alike_in_both_languages() -> None:
    template("test.once", zh="好", en="good")
    with pytest.raises(ValueError, match="twice"):
        template("test.once", zh="好", en="good")
    with pytest.raises(ValueError, match="other values"):
        template("test.other", zh="{a}", en="{b}")


def test_a_message_shows_neither_address_nor_text() -> None:
    message = outgoing()
    shown = repr(message)
    assert message.to not in shown
    assert message.text not in shown


async def test_in_development_it_is_a_file_for_one_reader(tmp_path: Path) -> None:
    message = outgoing()
    for _ in range(2):
        await FolderSender(tmp_path).send(message)
    (file,) = (tmp_path / str(message.tenant)).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = json.loads(file.read_text())
    assert (content["id"], content["to"], content["text"]) == (str(message.id), message.to, message.text)


async def test_in_production_it_is_handed_to_the_message_service_once() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202)

    message = outgoing()
    await HttpSender("https://sms.example/send", "secret", transport=httpx.MockTransport(answer)).send(message)
    (request,) = seen
    assert request.headers["authorization"] == "Bearer secret"
    assert request.headers["idempotency-key"] == str(message.id)
    assert json.loads(request.content)["to"] == message.to


@pytest.mark.parametrize("status", [302, 400, 500])
async def test_a_message_that_was_not_taken_is_tried_again(status: int) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status))
    with pytest.raises(Unavailable) as refused:
        await HttpSender("https://sms.example/send", "secret", transport=transport).send(outgoing())
    assert "139" not in str(refused.value)


async def test_each_profile_has_its_sender(tmp_path: Path) -> None:
    def config(**changes: object) -> ProcessConfig:
        return ProcessConfig(process="gateway", data_dir=tmp_path, **changes)  # type: ignore[arg-type]  # of settings

    message = outgoing()
    await sender_of(config(profile="development")).send(message)
    assert (folder_of(tmp_path) / str(message.tenant) / f"{message.id}.json").exists()
    assert isinstance(sender_of(config(profile="production", message_url="https://sms.example")), HttpSender)
    assert isinstance(sender_of(config(profile="production")), NoSender)
    with pytest.raises(Unavailable):
        await NoSender().send(message)
