"""The speed of rules: a pack's eligibility conditions in CEL against the same rules written as plain Python.

The plain Python (`bench/eligibility.py`) must give the same findings on every applicant it is measured with.
"""

import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bench.eligibility import GROUP, Facts, Plain
from bench.table import Outcome, Spread, Target
from kernel.regulation.loading import INSTALLED, load
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Outcome as RuleOutcome

PACK = "neimenggu"
DAY = date(2026, 3, 2)
WARM_APPLICANTS = 5_000
WHAT_IF_APPLICANTS = 100_000
BATCH = 500
"""As the probes of services go through their data."""
LIMIT_MICROSECONDS = 1_000.0
LIMIT_TIMES = 10.0
LIMIT_MEGABYTES = 32.0
"""A hundred thousand applicants held at once, with their findings, are some gigabytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: what was measured, the figure with its unit, and the bound it must keep, if any."""

    name: str
    value: float
    unit: str
    bound: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.bound is None or self.value <= self.bound


def applicants(count: int, codes: list[str], identities: list[str], seed: int = 1) -> Iterator[Facts]:
    """Made-up facts, one applicant at a time."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    for _ in range(count):
        yield {
            "citizen": chance.random() < 0.999,
            "age_years": chance.randint(18, 60),
            "education_code": chance.choice(codes),
            "criminal_penalty": chance.random() < 0.01,
            "criminal_case_open": chance.random() < 0.005,
            "joint_punishment_listed": chance.random() < 0.01,
            "identities": [each for each in identities if chance.random() < 0.1],
            "quality_found": chance.random() < 0.5,
            "township_recommended": chance.random() < 0.5,
            "relaxation_decision": chance.choice(("none", "granted", "refused")),
            "relaxed_age_limit": 50,
            "relaxed_education_codes": codes[-2:],
        }


def measure(count: int = WHAT_IF_APPLICANTS, warm: int = WARM_APPLICANTS) -> list[Row]:
    """All rows. Raises AssertionError where pack and yardstick disagree."""
    pack = load(INSTALLED / PACK)
    codes = [*pack.parameter("recruitment.education_codes", DAY).texts(), "32", "33", "61", "41", "47"]
    identities = pack.parameter("recruitment.relaxation_identities", DAY).texts()
    plain = Plain(pack, DAY)
    sample = list(applicants(warm, codes, identities))
    for facts in sample:
        # The yardstick must do the same work.
        assert pack.evaluate_group(GROUP, facts, on=DAY) == plain.findings(facts), facts  # noqa: S101
    by_pack = _microseconds(lambda facts: pack.evaluate_group(GROUP, facts, on=DAY), sample)
    by_hand = _microseconds(plain.findings, sample)
    bare = _microseconds(plain.outcomes, sample)
    seconds, megabytes, changed = _what_if(pack, applicants(count, codes, identities))
    rules = len(pack.rules_of(GROUP))
    return [
        Row(f"{rules} eligibility rules for one applicant, findings (CEL)", by_pack, "µs", LIMIT_MICROSECONDS),
        Row(f"{rules} eligibility rules for one applicant, the same findings (plain Python)", by_hand, "µs"),
        Row("CEL over plain Python, the same findings", by_pack / by_hand, "times", LIMIT_TIMES),
        Row(f"{rules} eligibility rules for one applicant, outcomes alone (plain Python)", bare, "µs"),
        Row("CEL with findings over outcomes alone", by_pack / bare, "times"),
        Row(f"what-if over {count} applicants, two versions each", seconds, "s"),
        Row("applicants a second in it", count / seconds, "1/s"),
        Row("applicants who would stand differently", changed, "persons"),
        Row("more memory at its end than at its beginning", megabytes, "MB", LIMIT_MEGABYTES),
    ]


def _by_pack(pack: Pack, facts: Facts) -> dict[str, RuleOutcome]:
    return {each.rule: each.outcome for each in pack.evaluate_group(GROUP, facts, on=DAY)}


def _microseconds(work: Callable[[Facts], object], sample: list[Facts]) -> float:
    """The best of three passes: what else runs on the machine only makes a pass longer."""
    passes = []
    for _ in range(3):
        begun = time.process_time()
        for facts in sample:
            work(facts)
        passes.append(time.process_time() - begun)
    return min(passes) / len(sample) * 1e6


def _what_if(pack: Pack, everybody: Iterator[Facts]) -> tuple[float, float, int]:
    """Seconds, megabytes of growth, and how many would stand differently under an age limit of five years more."""
    path = "recruitment.age_limit"
    higher = pack.document.parameters[path].model_copy(update={"value": pack.parameter(path, DAY).integer() + 5})
    draft = pack.with_parameters({**pack.document.parameters, path: higher})
    begun, before, changed = time.process_time(), _peak(), 0
    while batch := list(islice(everybody, BATCH)):
        changed += sum(_by_pack(pack, facts) != _by_pack(draft, facts) for facts in batch)
    return time.process_time() - begun, _peak() - before, changed


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(_: float, __: int) -> Outcome:
    """All rows, once: each pass is long enough to be a mean of its own."""
    rows = measure()
    return Outcome(
        "regulation",
        ["value"],
        [(f"{row.name} [{row.unit}]", [Spread.of([row.value])]) for row in rows],
        [
            Target(f"{row.name} [{row.unit}]", Spread.of([row.value]), row.bound, at_most=True)
            for row in rows
            if row.bound is not None
        ],
    )
