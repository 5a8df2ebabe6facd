"""The development key file: one key per tenant, made once whoever asks first, readable by its owner only."""

import stat
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import pytest

from kernel.ids import new_id
from kernel.privacy import kms
from kernel.privacy.blind_index import blind_index
from kernel.privacy.kms import CannotUnwrap, FileKms, KmsFileUnsafe, KmsMissing

SECRET = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kms.json"


async def test_a_wrapped_key_opens_for_its_tenant_and_purpose_only(path: Path) -> None:
    tenant, other = new_id(), new_id()
    wrapped = await FileKms(path).wrap(tenant, SECRET, b"purpose")
    later = FileKms(path)
    assert await later.unwrap(tenant, wrapped, b"purpose") == SECRET
    for who, what in ((other, b"purpose"), (tenant, b"another")):
        with pytest.raises(CannotUnwrap):
            await later.unwrap(who, wrapped, what)
    with pytest.raises(CannotUnwrap):
        await later.unwrap(tenant, wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"purpose")


def test_the_file_is_its_owners_alone(path: Path) -> None:
    FileKms(path).index_key(new_id(), "id_number")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(KmsFileUnsafe):
        FileKms(path).index_key(new_id(), "id_number")


def _ask(path: Path, tenant: UUID) -> bytes:
    return FileKms(path).index_key(tenant, "id_number")


def test_processes_that_ask_at_once_get_one_key(path: Path) -> None:
    tenants = [new_id() for _ in range(3)]
    with get_context("fork").Pool(4) as pool:
        answers = pool.starmap(_ask, [(path, tenant) for tenant in tenants for _ in range(8)])
    assert len(set(answers)) == 3
    assert {found.name for found in path.parent.iterdir()} == {"kms.json", "kms.lock"}


def test_a_blind_index_differs_by_tenant_and_purpose_and_not_by_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kms, "_installed", [])
    kms.install(FileKms(path))
    tenant, other = new_id(), new_id()
    index = blind_index(tenant, "id_number", "990101198501010010")
    assert len(index) == 32
    kms.install(FileKms(path))
    assert blind_index(tenant, "id_number", "990101198501010010") == index
    assert blind_index(tenant, "phone", "990101198501010010") != index
    assert blind_index(other, "id_number", "990101198501010010") != index


def test_without_a_kms_nothing_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kms, "_installed", [])
    with pytest.raises(KmsMissing):
        kms.current()
