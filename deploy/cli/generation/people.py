"""Made-up people: names, identity numbers of the region codes 99… with valid check digits, phones."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
_GIVEN = "安北晨川丹恩帆歌禾弘佳嘉锦景静钧珂可岚乐黎林凌露曼茂明楠宁培清然荣若森书舒思彤苇文溪夏晓昕雅言屹永雨远云哲芷"
APPLICANTS = 5_000_000
"""People who applied and were not hired are numbered from here on, beyond all workers."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person, wholly made up."""

    name: str
    number: str = field(repr=False)
    phone: str = field(repr=False)
    born: date = field(repr=False)


def person(chance: Random, place: int, age_on: date, oldest: int = 38) -> Person:
    """The person of that place in the tenant (from 0, below ten millions), grown up and at most so old on that day.

    Place and number are one to one, so nobody appears twice in a tenant, whatever else chance decides.
    """
    name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + (chance.choice(_GIVEN) if chance.random() < 0.8 else "")
    born = age_on - timedelta(days=chance.randrange(22 * 366, oldest * 365))
    body = f"99{place // 1000:04d}{born:%Y%m%d}{place % 1000:03d}"
    check = _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return Person(name, body + check, f"199{place:08d}", born)
