"""Settings that are wrong are refused at the start, by name; secrets are in no text of them."""

import pytest
from pydantic import ValidationError

from kernel.config import ProcessConfig


@pytest.mark.parametrize("url", ["", "s3://files", "s3://files/", "s3://files.of.a-league/a/b_c.d"])
def test_a_bucket_may_have_a_folder(url: str) -> None:
    assert ProcessConfig(process="roster", files_url=url).files_url == url


@pytest.mark.parametrize(
    "url", ["files", "https://files", "s3://", "s3://F", "s3://a/b?c", "s3://key:secret@files", "s3://files/../other/"]
)
def test_anything_else_is_no_bucket(url: str) -> None:
    with pytest.raises(ValidationError, match="files_url"):
        ProcessConfig(process="roster", files_url=url)


def test_a_store_has_a_web_address() -> None:
    assert ProcessConfig(process="roster", files_endpoint="https://s3.example").files_endpoint
    with pytest.raises(ValidationError, match="files_endpoint"):
        ProcessConfig(process="roster", files_endpoint="s3.example:9000")


def test_keys_of_the_store_are_read_from_the_environment_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEGONG_FILES_ACCESS_KEY", "made-up-key")
    monkeypatch.setenv("SHEGONG_FILES_SECRET_KEY", "made-up-secret")
    config = ProcessConfig(process="roster")
    assert config.files_secret_key.get_secret_value() == "made-up-secret"
    assert "made-up" not in f"{config} {config!r}"
