"""Obstacles become one sentence with a mend."""

import errno
from pathlib import Path

import pytest

from deploy.cli.failures import from_os_error, port_taken

FOLDER = Path("/data")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_used_up_disk_quota_or_file_size_is_told_as_a_full_disk(number: int) -> None:
    refusal = from_os_error(OSError(number, "x"), FOLDER)
    assert refusal is not None
    assert "full" in refusal.what
    assert "--data-dir" in refusal.mend


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_may_not_be_written_is_named(number: int) -> None:
    refusal = from_os_error(OSError(number, "x", "/data/run"), FOLDER)
    assert refusal is not None
    assert "/data/run cannot be written" in refusal.what


def test_an_error_of_another_kind_is_not_explained_away() -> None:
    assert from_os_error(OSError(errno.EIO, "x"), FOLDER) is None


def test_a_taken_port_names_the_port_and_the_option() -> None:
    told = str(port_taken(8080, "the edge"))
    assert "8080" in told
    assert "--port" in told
    assert "\n" not in told
