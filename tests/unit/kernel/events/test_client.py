"""Headers are read as the client itself reads them."""

import pytest
from nats.aio.client import Client

from kernel.events.client import Broker


@pytest.mark.parametrize(
    "raw",
    [
        b"ce-id: 1\r\nce-subject: a: b\r\ncontent-type: application/json\r\n\r\n",
        b"Name:value\r\nOther:\tvalue \r\n\r\n",
        b"no colon\r\na name: value\r\n: nameless\r\nempty:\r\n\r\n",
        "Description: 没有消息\r\n".encode() + b"Broken: \xff\r\n\r\n",
        b"\r\n",
    ],
)
def test_headers_are_read_as_by_the_client(raw: bytes) -> None:
    mine, theirs = Broker._parse_header_lines(raw), Client._parse_header_lines(raw)
    theirs.pop("", None)  # a field without a name, which nobody can ask for
    assert mine == theirs
