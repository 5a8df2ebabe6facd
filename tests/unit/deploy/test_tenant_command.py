"""`shegong tenant add` with several descriptions: each its own name and time, and one refused hides no other."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.cli import tenant
from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from kernel.config import ProcessConfig

FILES = sorted(tenant.REGULATIONS.glob("*/demonstration.yaml"))[:2]


@pytest.mark.parametrize(
    "given",
    [{"slug": ["one"]}, {"slug": ["one", "two", "three"]}, {"business_time": ["2026-01-05T09:00:00+08:00"] * 3}],
)
def test_an_option_for_another_number_of_files_is_refused(given: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="for 2 files"):
        tenant.add(FILES, **given, data_dir=tmp_path)


def test_the_tenants_made_are_told_though_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def made(_: ProcessConfig, wanted: tenant.Wanted) -> dict[str, Any]:
        if wanted.slug == "taken":
            raise tenant.NameTaken(wanted.slug)
        return {"tenant": wanted.slug, "begins": wanted.business_time and wanted.business_time.isoformat()}

    DataFolder(tmp_path).open()
    monkeypatch.setattr(tenant, "add_tenant", made)
    monkeypatch.setattr(tenant, "running_configuration", lambda *_: ProcessConfig(process="gateway"))
    instant = datetime.fromisoformat("2026-01-05T09:00:00+08:00").isoformat()
    with pytest.raises(Refusal, match="failed for 2-"):
        tenant.add(FILES, slug=["free", "taken"], business_time=[instant], json_out=True, data_dir=tmp_path)
    assert capsys.readouterr().out.splitlines() == [f'{{"tenant": "free", "begins": "{instant}"}}']
