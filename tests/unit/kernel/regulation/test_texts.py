"""The official text is cut into articles, whichever way it is set."""

import pytest

from kernel.regulation.texts import articles_of, number_of, quotes


@pytest.mark.parametrize(
    ("chinese", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十七", 37), ("一百零三", 103)]
)
def test_numbers(chinese: str, number: int) -> None:
    assert number_of(chinese) == number


def test_articles_without_headings_chapters_and_indentation() -> None:
    text = "第一章 总则\n　　第一条  甲。\n　　（一）乙；\n第二章 其他\n第二条丙，见第一条。\n"
    assert articles_of(text) == {1: "甲。\n（一）乙；", 2: "丙，见第一条。"}


def test_quotations_do_not_mind_blank_space_and_mind_everything_else() -> None:
    assert quotes("不少于 24学时\n的培训", "不少于24学时的培训")
    assert not quotes("不少于24学时", "不少于 25 学时")
