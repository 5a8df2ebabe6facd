"""The terms of a month's pay as the regulation and its local parameters set them (SH-15, SH-16, NM-16 to NM-19). Pure.

Amounts are yuan, exact decimals. Every line is rounded half up to the cent by itself, and every sum is the sum of
lines as they stand, so that slip, run and bank file agree to the cent and nothing has to be distributed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kernel.errors import Conflict, FieldError, ParameterNotSet, Text
from kernel.regulation.figures import Figure
from kernel.regulation.pack import Pack

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)

BASE = "base"
PERFORMANCE = "performance"
ALLOWANCE = "certificate_allowance"
SUBSIDY = "subsidy"
FUND = "fund"
TAX = "income_tax"
SOURCES: Mapping[str, str] = {
    "run_level": "pay.run_level",
    "schemes": "pay.schemes",
    "standard": "pay.standard",
    "reference": "pay.performance_reference",
    "share_base": "pay.share_base_percent",
    "share_performance": "pay.share_performance_percent",
    "post_percent": "pay.post_percent",
    "allowances": "pay.certificate_allowances",
    "allowance_due": "pay.certificate_allowance_due",
    "order": "pay.certificate_order",
    "kinds": "insurance.kinds",
    "average": "insurance.average_monthly_wage",
    "floor": "insurance.floor_percent",
    "ceiling": "insurance.ceiling_percent",
    "fund": "pay.fund_percent",
    "brackets": "tax.brackets",
    "basic": "tax.basic_deduction",
}
SUBSIDIES = "subsidy.occasions"
KNOWN_BEFORE = "insurance.unemployment_known_before"


def cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """So many per cent of an amount, to the cent."""
    return cents(amount * percent / HUNDRED)


def last_day(month: date) -> date:
    """The last day of the month in which that day lies."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a line stands: its name, the article with its words, and the document that the figure is from."""

    code: str
    label: Text
    article: str | None
    words: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """The standard of one post; `rank` is its place in the table."""

    rank: int
    base: Decimal
    performance: Decimal


@dataclass(frozen=True, slots=True)
class Bracket:
    """One row of the withholding table: up to `up_to` (None: above all), per cent, quick deduction."""

    up_to: Decimal | None
    percent: Decimal
    quick: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """All that the pay of a month rests on, read once for a whole run."""

    schemes: Mapping[str, str]
    posts: Mapping[str, Post]
    share_base: Decimal
    share_performance: Decimal
    allowances: Mapping[str, Decimal]
    allowance_due: bool
    order: Sequence[str]
    insurances: Sequence[tuple[str, Decimal, Decimal]]
    floor: Decimal
    ceiling: Decimal
    fund: Decimal | None
    brackets: Sequence[Bracket]
    basic: Decimal
    grounds: Mapping[str, Ground]


class _Reader:
    """Reads figures and remembers which are not set, so that all of them are named at once."""

    def __init__(self, pack: Pack, on: date) -> None:
        self.pack, self.on = pack, on
        self.missing: list[tuple[str, ParameterNotSet]] = []

    def figure(self, path: str) -> Figure:
        return self.pack.parameter(path, self.on)

    def decimal(self, path: str) -> Decimal:
        try:
            return self.figure(path).decimal()
        except ParameterNotSet as problem:
            self.missing.append((path, problem))
            return ZERO

    def rows(self, path: str) -> list[Mapping[str, int | bool | str]]:
        try:
            return self.figure(path).rows()
        except ParameterNotSet as problem:
            self.missing.append((path, problem))
            return []

    def texts(self, path: str) -> list[str]:
        try:
            return self.figure(path).texts()
        except ParameterNotSet as problem:
            self.missing.append((path, problem))
            return []

    def refuse(self) -> None:
        """Raise `ParameterNotSet` naming every figure that is missing; nothing where none is."""
        if not self.missing:
            return
        first = self.missing[0][1]
        errors = [
            FieldError(f"/parameters/{path}", each.detail or type(each).title, path, each.article)
            for path, each in self.missing
        ]
        raise ParameterNotSet(first.detail, errors=errors, article=first.article)


def check_level(pack: Pack, level: str, on: date) -> None:
    """Raise `ParameterNotSet` where the regulation names no level that pays out, `Conflict` for a unit of another."""
    figure = pack.parameter(SOURCES["run_level"], on)
    if figure.text() != level:
        text = Text("薪酬不由这一级单位造册发放", f"Pay is paid out by units of level {figure.text()}.")
        raise Conflict(text, article=figure.article)


def read_terms(pack: Pack, month: date) -> Terms:
    """The terms of a month by the pack of its last day.

    Raises `ParameterNotSet` naming every figure that nobody has set, and `Conflict` for a local table that cannot be
    used (no principal, an unknown reference post, an amount that is none).
    """
    on = last_day(month)
    reader = _Reader(pack, on)
    schemes = {str(row["category"]): str(row["scheme"]) for row in reader.rows(SOURCES["schemes"])}
    standard = reader.rows(SOURCES["standard"])
    by_share = "share" in schemes.values()
    reference = _reference(reader) if by_share else ""
    percents = [reader.decimal(SOURCES[name]) if by_share else ZERO for name in ("share_base", "share_performance")]
    allowances = reader.rows(SOURCES["allowances"]) if _regulated(reader, "allowances") else []
    kinds = reader.texts(SOURCES["kinds"])
    rates = [
        (kind, reader.decimal(rate_path(kind, "employer")), reader.decimal(rate_path(kind, "worker"))) for kind in kinds
    ]
    average = reader.decimal(SOURCES["average"])
    split = reader.decimal(SOURCES["post_percent"]) if any("total" in row for row in standard) else None
    fund = reader.decimal(SOURCES["fund"]) if _regulated(reader, "fund") else None
    bounds = [share(average, reader.decimal(SOURCES[name])) for name in ("floor", "ceiling")]
    brackets = reader.rows(SOURCES["brackets"])
    basic = reader.decimal(SOURCES["basic"])
    reader.refuse()
    _check_known(reader, kinds)
    posts = _posts(reader, standard, split)
    if by_share:
        posts |= {"": _shared(reader, standard, posts, reference)}
    due = reader.figure(SOURCES["allowance_due"])
    return Terms(
        schemes=schemes,
        posts=posts,
        share_base=percents[0],
        share_performance=percents[1],
        allowances={str(row["certificate"]): _amount(reader, "allowances", row["amount"]) for row in allowances},
        allowance_due=due.boolean() if allowances else False,
        order=reader.texts(SOURCES["order"]),
        insurances=rates,
        floor=bounds[0],
        ceiling=bounds[1],
        fund=fund,
        brackets=[_bracket(row) for row in brackets],
        basic=basic,
        grounds=_grounds(pack, on, kinds, by_share=by_share, fund=fund is not None),
    )


def rate_path(kind: str, payer: str) -> str:
    """The parameter with the rate of one insurance."""
    return f"insurance.{kind}_{payer}_percent"


def _reference(reader: _Reader) -> str:
    try:
        return reader.figure(SOURCES["reference"]).text()
    except ParameterNotSet as problem:
        reader.missing.append((SOURCES["reference"], problem))
        return ""


def _regulated(reader: _Reader, name: str) -> bool:
    """Whether the regulation speaks of it at all: what it leaves out is neither paid nor withheld."""
    return reader.figure(SOURCES[name]).state != "not_regulated"


def _check_known(reader: _Reader, kinds: Collection[str]) -> None:
    """The staged rate of unemployment insurance is not carried on beyond the day to which it is known."""
    figure = reader.figure(KNOWN_BEFORE)
    if "unemployment" in kinds and reader.on >= figure.day():
        text = Text(
            f"{figure.day()} 起的失业保险费率尚未载入",
            f"The unemployment rate from {figure.day()} on is not loaded.",
        )
        raise ParameterNotSet(text)


def _posts(reader: _Reader, rows: Sequence[Mapping[str, int | bool | str]], split: Decimal | None) -> dict[str, Post]:
    return {str(row.get("role")): _post(reader, rank, row, split) for rank, row in enumerate(rows)}


def _post(reader: _Reader, rank: int, row: Mapping[str, int | bool | str], split: Decimal | None) -> Post:
    """Base and performance as the row gives them, or its total split: the parts add up to it to the cent."""
    if split is None or "total" not in row:
        base, performance = (_amount(reader, "standard", row.get(name, "")) for name in (BASE, PERFORMANCE))
        return Post(rank, base, performance)
    total = _amount(reader, "standard", row["total"])
    base = share(total, split)
    return Post(rank, base, total - base)


def _shared(
    reader: _Reader, rows: Sequence[Mapping[str, int | bool | str]], posts: Mapping[str, Post], reference: str
) -> Post:
    """Base pay of the principal and performance pay of the reference post: what shares are taken of."""
    principals = {posts[str(row["role"])].base for row in rows if row.get("principal") is True}
    if len(principals) != 1:
        raise _unusable(
            reader, "standard", Text("应标明社区正职且标准一致", "The standard marks one principal's base.")
        )
    if reference not in posts:
        raise _unusable(reader, "reference", Text("所依据的职务不在标准中", "The reference post has no standard."))
    return Post(len(rows), principals.pop(), posts[reference].performance)


def _amount(reader: _Reader, name: str, value: int | bool | str) -> Decimal:
    text = str(value)
    if not text or not all(part.isdigit() for part in text.split(".", 1)):
        raise _unusable(reader, name, Text("金额应为不带符号的数字", "An amount is a plain number."))
    return cents(Decimal(text))


def _unusable(reader: _Reader, name: str, why: Text) -> Conflict:
    figure = reader.figure(SOURCES[name])
    label = figure.parameter.label
    return Conflict(Text(f"“{label.zh}”：{why.zh}", f"{label.en}: {why.en}"), article=figure.article)


def _bracket(row: Mapping[str, int | bool | str]) -> Bracket:
    up_to = str(row["up_to"])
    return Bracket(Decimal(up_to) if up_to else None, Decimal(str(row["percent"])), Decimal(str(row["quick"])))


def _grounds(pack: Pack, on: date, kinds: Sequence[str], *, by_share: bool, fund: bool) -> dict[str, Ground]:
    paths = {f"{BASE}.standard": SOURCES["standard"], f"{PERFORMANCE}.standard": SOURCES["standard"]}
    if by_share:
        paths |= {f"{BASE}.share": SOURCES["share_base"], f"{PERFORMANCE}.share": SOURCES["share_performance"]}
    paths[ALLOWANCE], paths[TAX] = SOURCES["allowances"], SOURCES["brackets"]
    for kind in kinds:
        paths |= {f"{kind}.{payer}": rate_path(kind, payer) for payer in ("employer", "worker")}
    if fund:
        paths |= {f"{FUND}.employer": SOURCES["fund"], f"{FUND}.worker": SOURCES["fund"]}
    binding = pack.parameter(SOURCES["kinds"], on)
    grounds = {}
    if (subsidies := pack.item_list(SUBSIDIES)) is not None:
        grounds[SUBSIDY] = Ground(SUBSIDY, subsidies.label.text(), subsidies.article, subsidies.words, None)
    for code, path in paths.items():
        figure = pack.parameter(path, on)
        insured = path.startswith("insurance.")
        # Insurance is owed by the regulation's article; the rate's own document stands as its source.
        owed = binding if insured else figure
        source = figure.source or (figure.article if insured else None)
        grounds[code] = Ground(code, figure.parameter.label.text(), owed.article, owed.words, source)
    return grounds
