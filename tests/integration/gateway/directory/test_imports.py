"""Units and officials from Excel: all or nothing, each fault by its row (T2, T3)."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from gateway.directory.imports.columns import OFFICIALS, UNITS
from gateway.identity import actions as identity
from kernel.bulk import excel
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import Town

PATH = "/api/v1/directory/imports"
TYPE = {"Content-Type": excel.MEDIA_TYPE}


async def send(
    town: Town, caller: Caller, kind: str, rows: list[list[str]], *, dry_run: bool = False
) -> httpx.Response:
    columns = UNITS if kind == "units" else OFFICIALS
    query = {"dry_run": str(dry_run).lower()} | ({"document": "内政发〔2026〕1号"} if kind == "units" else {})
    content = excel.write("表", columns, rows)
    return await town.tenant.call(
        caller, "POST", f"{PATH}/{kind}", query=query, content=content, headers=TYPE, language="zh"
    )


async def count(gateway: ServiceUnderTest, town: Town, table: str) -> int:
    async with gateway.database.transaction(town.tenant.context()) as tx:
        return int((await tx.session.execute(text(f"select count(*) from {table}"))).scalar_one())  # noqa: S608


@pytest.mark.parametrize("kind", ["units", "officials"])
async def test_a_template_can_be_filled_in(town: Town, kind: str) -> None:
    caller, other = (town.system, town.security) if kind == "units" else (town.security, town.system)
    found = await town.tenant.get(caller, f"{PATH}/{kind}/template")
    assert (found.status_code, found.headers["content-type"]) == (200, excel.MEDIA_TYPE)
    assert excel.read(found.content, UNITS if kind == "units" else OFFICIALS, max_rows=5).faults == []
    assert (await town.tenant.get(other, f"{PATH}/{kind}/template")).status_code == 403
    assert (await send(town, other, kind, [])).status_code == 403


async def test_units_are_made_behind_their_parents_by_one_decision(gateway: ServiceUnderTest, town: Town) -> None:
    rows = [
        ["150203911901", "演示一社区", "社区", "150203911000"],
        ["150203911000", "演示一街道", "township", "150203"],
        ["150203911902", "演示二社区", "社区", "150203911000"],
    ]
    before = await count(gateway, town, "directory_unit")
    trial = await send(town, town.system, "units", rows, dry_run=True)
    assert trial.status_code == 200, trial.text
    assert trial.json() | {"errors": []} == {
        "kind": "units",
        "dry_run": True,
        "rows": 3,
        "units": 3,
        "users": 0,
        "posts": 0,
        "errors": [],
    }
    assert await count(gateway, town, "directory_unit") == before
    done = await send(town, town.system, "units", rows)
    assert (done.status_code, done.json()["units"]) == (200, 3), done.text
    county = town.official("system_admin", "150203")
    listed = await town.tenant.get(county, "/api/v1/directory/units", query={"limit": "50"})
    made = {one["code"]: one for one in listed.json()["items"]}
    township = made["150203911000"]
    assert (township["title"], township["level"]) == ("演示一街道", "township")
    for code in ("150203911901", "150203911902"):
        assert made[code]["parent_id"] == township["id"]
        assert township["unit_no"] < made[code]["unit_no"] <= township["last_no"]
    again = await send(town, town.system, "units", rows)
    assert again.status_code == 422
    assert again.json()["errors"][0]["pointer"] == "/rows/2/机构代码"


async def test_what_is_wrong_with_units_is_said_by_row_and_nothing_is_made(
    gateway: ServiceUnderTest, town: Town
) -> None:
    rows = [
        ["150203921000", "好的街道", "township", "150203"],
        ["15020392", "代码不对", "township", "150203"],
        ["150203922000", "层级不对", "乡村", "150203"],
        ["150203923000", "上级不在", "township", "159999"],
        ["150203924000", "层级颠倒", "county", "150203091000"],
        ["150203921000", "重复", "township", "150203"],
        ["150203925000", "", "township", "150203"],
        ["150203926000", "环一", "township", "150203926001"],
        ["150203926001", "环二", "community", "150203926000"],
    ]
    before = await count(gateway, town, "directory_unit")
    trial = await send(town, town.system, "units", rows, dry_run=True)
    said = {(one["row"], one["column"]): one["message"] for one in trial.json()["errors"]}
    assert trial.json()["units"] == 0
    refused = await send(town, town.system, "units", rows)
    assert (refused.status_code, "未导入任何数据" in refused.text) == (422, True)
    assert len({error["pointer"] for error in refused.json()["errors"]}) == len(said)
    assert set(said) == {
        (3, "机构代码"),
        (4, "层级"),
        (5, "上级机构代码"),
        (6, "上级机构代码"),
        (7, "机构代码"),
        (8, "机构名称"),
        (9, "上级机构代码"),
        (10, "上级机构代码"),
    }
    assert said[3, "机构代码"] == "应为六位或十二位数字"
    assert not any(row == 2 for row, _ in said)
    assert await count(gateway, town, "directory_unit") == before


async def test_officials_are_made_with_their_posts_and_without_a_password(
    gateway: ServiceUnderTest, town: Town
) -> None:
    rows = [
        ["li.shi", "演示李", "150203", "society_work", "经办", "2026-03-01", ""],
        ["li.shi", "演示李", "150203", "organization", "审批", "2026/3/1", "2026-12-31"],
        ["zhao.shi", "演示赵", "150203091000", "township_office", "查阅", "2026-03-01", ""],
    ]
    trial = await send(town, town.security, "officials", rows, dry_run=True)
    assert (trial.status_code, trial.json()["users"], trial.json()["posts"]) == (200, 2, 3), trial.text
    done = await send(town, town.security, "officials", rows)
    assert (done.status_code, done.json()["users"], done.json()["posts"]) == (200, 2, 3), done.text
    county = town.official("security_admin", "150203")
    posts = (await town.tenant.get(county, "/api/v1/directory/posts", query={"limit": "100"})).json()["items"]
    held = sorted((one["duty"], one["valid_before"]) for one in posts if one["display_name"] == "演示李")
    assert held == [("approver", "2027-01-01"), ("handler", None)]
    # Without a password there is no way in, whatever is typed.
    for password in ("", "li.shi", "Any password 2026"):
        async with gateway.database.transaction(town.tenant.context()) as tx:
            assert await identity.sign_in(tx, "li.shi", password) is None
    # Another post for who is known; the name has to be the same.
    more = [["li.shi", "演示李", "150203091000", "township_office", "经办", "2026-03-01", ""]]
    assert (await send(town, town.security, "officials", more)).json()["users"] == 0
    other = await send(town, town.security, "officials", [[*more[0][:1], "他人", *more[0][2:]]])
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/rows/2/姓名")


async def test_what_is_wrong_with_officials_is_said_by_row_and_nothing_is_made(
    gateway: ServiceUnderTest, town: Town
) -> None:
    good: list[Any] = ["wang.shi", "演示王", "150203", "society_work", "经办", "2026-03-01", ""]

    def changed(at: int, value: str, name: str) -> list[str]:
        return [name if index == 0 else value if index == at else str(cell) for index, cell in enumerate(good)]

    rows = [
        good,
        changed(0, "", "Wang Shi"),
        changed(2, "159999", "w.one"),
        changed(3, "made_up", "w.two"),
        changed(3, "township_office", "w.three"),
        changed(4, "局长", "w.four"),
        changed(5, "2026-02-30", "w.five"),
        changed(6, "2026-02-28", "w.six"),
        changed(3, "security_admin", "wang.shi"),
        changed(5, "1999-01-01", "w.seven"),
    ]
    rows[8][2] = "150000"
    before = [await count(gateway, town, table) for table in ("directory_user", "directory_post")]
    trial = await send(town, town.security, "officials", rows, dry_run=True)
    said = {(one["row"], one["column"]) for one in trial.json()["errors"]}
    assert said == {
        (3, "用户名"),
        (4, "机构代码"),
        (5, "部门"),
        (6, "部门"),
        (7, "职责"),
        (8, "任职日期"),
        (9, "任职至"),
        (10, "部门"),
        (11, "部门"),
    }
    refused = await send(town, town.security, "officials", rows)
    assert (refused.status_code, len(refused.json()["errors"])) == (422, len(said))
    assert [await count(gateway, town, table) for table in ("directory_user", "directory_post")] == before
    # What lies outside the scope is as if it were not there.
    away = await send(town, town.official("security_admin", "150102"), "officials", [good])
    assert away.json()["errors"][0]["pointer"] == "/rows/2/机构代码"


async def test_a_body_that_is_no_workbook_is_refused(town: Town) -> None:
    for content, status in ((b"a,b\n1,2", 415), (b"", 422)):
        answer = await town.tenant.call(
            town.security, "POST", f"{PATH}/officials", query={"dry_run": "true"}, content=content, headers=TYPE
        )
        assert answer.status_code == status, answer.text
