"""Every pack in `regulations/` is in order: schema, citations, conditions, cases, demonstration tenant."""

import json
from pathlib import Path

import pytest

from kernel.regulation import load
from kernel.regulation.cases import run_cases
from kernel.regulation.checking.citations import bases
from kernel.regulation.demonstration import check_demonstration
from kernel.regulation.schema import json_schema
from kernel.regulation.schema.base import article_of
from kernel.regulation.texts import quotes

ROOT = Path(__file__).resolve().parents[3] / "regulations"
FOLDERS = sorted(path.parent for path in ROOT.glob("*/pack.yaml"))
by_name = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_there_are_packs() -> None:
    assert {"national", "neimenggu"} <= {folder.name for folder in FOLDERS}


def test_the_published_schema_is_the_one_that_packs_are_held_to() -> None:
    """Mend: `shegong regulation schema > regulations/schema.json`."""
    assert json.loads((ROOT / "schema.json").read_text(encoding="utf-8")) == json.loads(json.dumps(json_schema()))


@by_name
def test_cases_beside_the_pack_pass(folder: Path) -> None:
    results = list(run_cases(load(folder), folder / "cases"))
    assert results
    assert [f"{result.name}: {result.failure}" for result in results if result.failure] == []


@by_name
def test_every_quotation_stands_in_the_article_it_cites(folder: Path) -> None:
    pack = load(folder)
    quoted = [(basis.article, basis.words) for _, basis in bases(pack.document) if basis.article and basis.words]
    assert quoted
    for article, words in quoted:
        text = pack.article(article_of(article)).text
        assert text is not None, article
        assert quotes(text, words), (article, words)


@by_name
def test_what_cites_no_article_is_marked_ours_or_silent(folder: Path) -> None:
    for path, basis in bases(load(folder).document):
        silent = getattr(basis, "absent", None) or getattr(basis, "national", None)
        assert basis.article or basis.ours or silent, path


@by_name
def test_a_demonstration_tenant_fits_its_pack(folder: Path) -> None:
    file = folder / "demonstration.yaml"
    if file.is_file():
        assert check_demonstration(file, load(folder)).users
    else:
        assert folder.name == "national"
