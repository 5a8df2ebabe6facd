"""The official text beside a pack: cut into articles, so that every quotation can be proved to stand in its own."""

import re
from collections.abc import Iterator

DIGITS = {"零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100}
HEADING = re.compile(r"^[\s　]*第([零一二三四五六七八九十百]+)条[\s　]*", re.MULTILINE)
CHAPTER = re.compile(r"^[\s　]*第[零一二三四五六七八九十百]+章.*$", re.MULTILINE)


def articles_of(text: str) -> dict[int, str]:
    """Article number → its text without heading, with chapter headings taken out and blank space evened."""
    text = CHAPTER.sub("", text)
    headings = list(HEADING.finditer(text))
    found: dict[int, str] = {}
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        body = text[heading.end() : following.start() if following else len(text)]
        found[number_of(heading.group(1))] = "\n".join(_lines(body))
    return found


def quotes(article: str, words: str) -> bool:
    """Whether the words stand in the article; blank space is not compared."""
    return _bare(words) in _bare(article)


def number_of(chinese: str) -> int:
    """三十七 → 37."""
    total, digit = 0, 0
    for sign in chinese:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


def chinese_number(number: int) -> str:
    """37 → 三十七; the inverse of `number_of`, from 1 to 999."""
    signs = {digit: sign for sign, digit in DIGITS.items()}
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{signs[hundreds]}百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else signs[tens]) + "十"
    elif hundreds and ones:
        written += signs[0]
    return written + (signs[ones] if ones else "")


def _lines(body: str) -> Iterator[str]:
    for line in body.splitlines():
        stripped = line.strip(" \t　")
        if stripped:
            yield stripped


def _bare(text: str) -> str:
    return re.sub(r"[\s　]+", "", text)
