"""The story of one worker, told once through all real parts; each of its named steps is a test of its own."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import yaml

from deploy.cli.configuration import running_configuration
from deploy.cli.demo.account import Step
from deploy.cli.demo.tales import NEIGHBOUR as DESCRIPTION
from deploy.cli.demo.tales import STEPS, TALES
from deploy.cli.stack.testing import COMMAND, RunningStack
from kernel.config import DATABASES
from kernel.db.owner import owner
from tests.story.telling import Telling, tell

SHOWN = {
    "NM": {3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 20, 21, 22, 23, 24, 27, 28, 29, 30, 32, 35, 36, 37},
    "SH": {*range(2, 18), 20, 21, 22, 23, 25, 26, 27, 28},
    "LCL": {19, 37, 40, 50},
    "AL": {3},
    "RET": {1},
    "ORG": {8},
}
"""By regulation and statute, the articles on which a step rests."""
REVIEWER = "xincheng.party.approver"
ELSEWHERE = """
import sys
from dataclasses import replace
from pathlib import Path
from deploy.cli.demo import story
story.TALES = (replace(story.TALES[0], description=Path(sys.argv[1])),)
base_url, data_dir, json_file = sys.argv[3::2]
raise SystemExit(story.run(base_url, data_dir=Path(data_dir), json_file=Path(json_file)))
"""
"""The same story with tenants made from another description."""


@pytest.fixture(scope="session")
def told(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Telling:
    return tell(stack, tmp_path_factory.mktemp("story"))


def articles_of(step: Step) -> tuple[str, ...]:
    return tuple(article.strip() for article in step.article.split(",") if article.strip())


@pytest.mark.parametrize(
    "step", [pytest.param(step, id=step.name, marks=pytest.mark.article(*articles_of(step))) for step in STEPS]
)
def test_the_step_comes_out_as_expected(told: Telling, step: Step) -> None:
    assert step.name in told.steps, told.output
    found = told.steps[step.name]
    assert found["ok"], told.output
    assert found["article"] == step.article
    assert found["expected"]
    if found["status"] is not None:
        assert str(found["status"]) == found["expected"]
        assert " /" in found["operation"]


def test_the_account_is_the_announced_steps_in_order_and_the_exit_code_zero(told: Telling) -> None:
    assert told.exit_code == 0, told.output
    assert list(told.steps) == [step.name for step in STEPS]


@pytest.mark.parametrize(("prefix", "numbers"), SHOWN.items())
def test_the_stories_show_these_articles(told: Telling, prefix: str, numbers: set[int]) -> None:
    shown = {article for step in STEPS if told.steps[step.name]["ok"] for article in articles_of(step)}
    assert {each for each in shown if each.startswith(f"{prefix}-")} == {f"{prefix}-{number}" for number in numbers}


async def test_a_row_of_the_chain_changed_past_the_program_is_named_by_the_command(
    told: Telling, stack: RunningStack
) -> None:
    """Only who owns the tables can do it, with the walls taken down; the operators' command names the row (T10)."""
    slug = told.steps[STEPS[0].name]["words"].split(",")[0]
    await change_audit_row(stack, slug, 7)
    assert "broken at entry 7 (its content was changed)" in verified(stack, slug)


@pytest.mark.parametrize("process", DATABASES)
def test_the_read_models_are_what_the_archive_makes_of_the_whole_story(
    told: Telling, stack: RunningStack, process: str
) -> None:
    """No handler does more than keep rows, since anything else would be refused; and not a row differs."""
    said = rebuilt(stack, process, *slugs(told), "--compare")
    assert " events in " in said
    assert "(left so)" not in said


async def test_a_read_model_that_was_damaged_is_built_anew_by_the_command(told: Telling, stack: RunningStack) -> None:
    dsn = running_configuration(stack.folder, "assessment").migrator_dsn.get_secret_value()
    rows = "select count(*) from assessment_post p join k_org_tenant t using (tenant_id) where t.slug = any($1)"
    tenants = slugs(told)[1::2]
    async with owner("assessment", dsn) as connection:
        before = await connection.fetchval(rows, tenants)
        await connection.execute(
            "delete from assessment_post p using k_org_tenant t where t.tenant_id = p.tenant_id and t.slug = any($1)",
            tenants,
        )
        assert before > 3
        said = rebuilt(stack, "assessment", *slugs(told))
        assert await connection.fetchval(rows, tenants) == before
    assert "assessment_post:" in said
    assert "missing" in said
    assert "(left so)" not in rebuilt(stack, "assessment", *slugs(told), "--compare")


def slugs(told: Telling) -> list[str]:
    """The options that name the tenants of the first story."""
    return ["--tenant", told.steps[STEPS[0].name]["words"].split(",")[0]]


def rebuilt(stack: RunningStack, process: str, *options: str) -> str:
    """What `shegong events rebuild` says."""
    command = [*COMMAND, "events", "rebuild", process, *options, "--data-dir", str(stack.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def change_audit_row(stack: RunningStack, slug: str, seq: int) -> None:
    """Change one entry of a tenant's chain as the owner of the table."""
    dsn = running_configuration(stack.folder, "gateway").migrator_dsn.get_secret_value()
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("set local role shegong_gateway_owner")
            for table in ("audit_entry", "directory_slug"):
                await connection.execute(f"alter table {table} no force row level security")
            changed = await connection.execute(
                "update audit_entry set entry = jsonb_set(entry, '{facts}', '{}') || '{\"more\": true}' where seq = $1"
                " and tenant_id = (select named_tenant_id from directory_slug where slug = $2)",
                seq,
                slug,
            )
            assert changed == "UPDATE 1"
            for table in ("audit_entry", "directory_slug"):
                await connection.execute(f"alter table {table} force row level security")
    finally:
        await connection.close()


def verified(stack: RunningStack, slug: str) -> str:
    """What `shegong audit verify` says of a tenant's chain that is broken."""
    command = [*COMMAND, "audit", "verify", slug, "--data-dir", str(stack.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    return " ".join(done.stderr.split())


def test_a_step_that_fails_ends_the_story_and_the_rest_is_listed_as_not_reached(
    stack: RunningStack, tmp_path: Path
) -> None:
    """The proof that the demonstration can fail: in this tenant the reviewing post may only look."""
    pack = DESCRIPTION.parent
    for folder in pack.parent.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / pack.name).unlink()
    (tmp_path / pack.name).mkdir()
    for file in pack.iterdir():
        (tmp_path / pack.name / file.name).symlink_to(file)
    description = yaml.safe_load(DESCRIPTION.read_text())
    reviewer = next(user for user in description["users"] if user["user_name"] == REVIEWER)
    reviewer["posts"][0]["duty"] = "viewer"
    other = tmp_path / pack.name / DESCRIPTION.name
    other.unlink()
    other.write_text(yaml.safe_dump(description, allow_unicode=True))

    ended = tell(stack, tmp_path, (sys.executable, "-c", ELSEWHERE, str(other)))

    assert ended.exit_code == 1
    names = [step.name for step in TALES[0].steps]
    broken = names.index("numbers-approved")
    assert ended.failed == names[broken:], ended.output
    assert ended.steps["numbers-approved"]["status"] == 403
    assert ended.steps["numbers-approved"]["expected"] == "200"
    assert {ended.steps[name]["words"] for name in names[broken + 1 :]} == {"not reached"}
    assert "not reached" in ended.output


def test_without_a_stack_nothing_is_reached_and_the_account_says_so(tmp_path: Path) -> None:
    nowhere = RunningStack(tmp_path)
    nowhere.base_url = "http://localhost:9"
    ended = tell(nowhere, tmp_path)
    assert ended.exit_code == 1
    assert ended.failed == [step.name for step in STEPS]


def test_the_demonstration_knows_nothing_of_the_inside() -> None:
    """Its whole code is loaded in an interpreter of its own; what that loaded is asked of the interpreter."""
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, deploy.cli.demo.story, deploy.cli.demo.runner, deploy.cli.demo.chapters\n"
            "print(*sorted({name.partition('.')[0] for name in sys.modules}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "deploy" in loaded
    inside = {"kernel", "contracts", "services", "gateway", "sqlalchemy", "asyncpg", "nats"}
    assert not inside & set(loaded)
