"""One-time codes against the vectors of RFC 6238 Appendix B, and what stands around them."""

from datetime import UTC, datetime

import pytest

from gateway.identity import rules
from gateway.identity.factors import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_of_the_rfc(second: int, code: str) -> None:
    step = second // 30
    assert totp.code_at(SECRET, step) == code
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(second, UTC)) == step


@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(off: int, taken: bool) -> None:
    now = datetime.fromtimestamp(1_800_000_000, UTC)
    code = totp.code_at(SECRET, (1_800_000_000 + off) // 30)
    assert (totp.matching_step(SECRET, code, now) is not None) is taken


@pytest.mark.parametrize("code", ["", "12345", "1234567", "28708２", "é", "28708\x00"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_the_address_names_place_and_user() -> None:
    address = totp.address(SECRET, "official", "测试旗")
    assert address.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
    assert totp.picture(address).startswith("<svg")
    assert totp.spelled(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_recovery_codes_are_many_and_long() -> None:
    codes = totp.recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert {len(code) for code in codes} == {19}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140 Mobile Safari MicroMessenger/8.0", "WeChat, Android"),
        ("python-httpx/0.28.1", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_named_in_words_of_ours(agent: str, words: str) -> None:
    assert rules.agent_words(agent) == words
