"""The rights of the broker's users, as data."""

import json

from deploy.cli.stack.broker_rights import OPERATOR, rights_of, users
from deploy.cli.stack.nats import configuration
from kernel.config import DATABASES
from kernel.events.nats import relay_called

PASSWORDS = {name: f"password of {name}" for name in (*DATABASES, OPERATOR)}


def test_a_process_may_publish_its_own_news_call_its_own_relay_and_nobody_elses() -> None:
    for process in DATABASES:
        told = [subject for subject in rights_of(process)["publish"] if not subject.startswith("$JS.")]
        assert told == [f"shegong.{process}.>", relay_called(process)]


def test_a_process_may_make_and_change_its_own_stream_only() -> None:
    for process in DATABASES:
        changing = [s for s in rights_of(process)["publish"] if ".STREAM.CREATE" in s or ".STREAM.UPDATE" in s]
        assert {subject.rsplit(".", 1)[1] for subject in changing} == {f"SHEGONG_{process.upper()}"}


def test_nobody_may_delete_or_purge_a_stream_but_the_operator() -> None:
    for process in DATABASES:
        assert not [s for s in rights_of(process)["publish"] if "PURGE" in s or "STREAM.DELETE" in s or s == ">"]


def test_the_operator_publishes_no_news() -> None:
    operator = next(user for user in users(PASSWORDS) if user["user"] == OPERATOR)
    assert all(subject.startswith("$JS.") for subject in operator["permissions"]["publish"])


def test_the_server_is_told_to_sync_every_message_and_to_listen_where_it_is_told() -> None:
    told = json.loads(configuration(host="127.0.0.1", port=1, monitor_port=2, store="/data", passwords=PASSWORDS))
    assert told["jetstream"] == {"store_dir": "/data", "sync_interval": "always"}
    assert (told["host"], told["http"]) == ("127.0.0.1", "127.0.0.1:2")
