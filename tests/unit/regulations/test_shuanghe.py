"""The Shuanghe pack: the whole text is accounted for, and what it does not say is nobody else's figure."""

from datetime import date
from pathlib import Path

import pytest

from kernel.regulation import Pack, load

ROOT = Path(__file__).resolve().parents[3] / "regulations"
PACK: Pack = load(ROOT / "shuanghe")
OTHER: Pack = load(ROOT / "neimenggu")
ON = date(2025, 6, 2)


@pytest.mark.article("SH-1", "SH-29")
def test_all_twenty_nine_articles_are_listed_with_their_text() -> None:
    own = {number: article for number, article in PACK.document.articles.items() if number.startswith("SH-")}
    assert set(own) == {f"SH-{number}" for number in range(1, 30)}
    assert all(article.text for article in own.values())


@pytest.mark.article("SH-29")
def test_it_holds_from_the_first_day_of_2023_and_the_civil_affairs_bureau_explains_it() -> None:
    assert not PACK.in_force(date(2022, 12, 31))
    assert PACK.in_force(date(2023, 1, 1))
    interpreter = PACK.document.pack.interpreter
    assert interpreter is not None
    assert (interpreter.department, interpreter.level) == ("civil_affairs", "league")


@pytest.mark.article("SH-2")
def test_there_is_no_county_and_a_community_may_stand_right_below_the_division_city() -> None:
    assert set(PACK.document.levels) == {"league", "township", "community"}


def test_a_figure_with_an_article_cites_its_own_text_or_a_statute() -> None:
    cited = {each.article for each in PACK.document.parameters.values() if each.article}
    assert not {article for article in cited if article.startswith("NM-")}


@pytest.mark.parametrize("path", ["secondment.max_months", "recruitment.age_limit", "pay.fund_percent"])
def test_what_only_the_other_regulation_says_is_not_regulated_here(path: str) -> None:
    assert PACK.parameter(path, ON).state == "not_regulated"
    assert OTHER.parameter(path, date(2025, 6, 2)).state != "not_regulated"
