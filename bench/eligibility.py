"""The eligibility rules of one pack by hand: a yardstick that no service reads, with the pack's figures and texts."""

from collections.abc import Mapping
from datetime import date

from kernel.errors import Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Outcome, Rule
from kernel.regulation.schema.base import article_order

Facts = dict[str, object]
GROUP = "eligibility"
LIFT = ("identities", "quality_found", "relaxation_decision")
"""What a relaxation looks at, in the order of a finding's facts, beside the bound and the recommendation."""


class Plain:
    """The rules of one pack on a day."""

    def __init__(self, pack: Pack, on: date) -> None:
        def texts(name: str) -> list[str]:
            return pack.parameter(f"recruitment.{name}", on).texts()

        self._limit = pack.parameter("recruitment.age_limit", on).integer()
        self._enough, self._doubtful = texts("education_codes"), texts("education_doubt_codes")
        self._listed = texts("relaxation_identities")
        self._any_listed = frozenset(self._listed)
        self._rules = {name: pack.document.rules[name] for name in pack.rules_of(GROUP)}
        self._texts = {(name, each): _text(rule, each) for name, rule in self._rules.items() for each in SAYS}
        self._remarks = {
            name: tuple(each.message.text() for each in rule.remarks) for name, rule in self._rules.items()
        }
        self._judgements = {name: self._finding(name, "needs_judgement", {}) for name in pack.judgements_of(GROUP)}
        self._order = sorted(self._rules, key=lambda each: (article_order(self._rules[each].article), each))

    def outcomes(self, facts: Mapping[str, object]) -> dict[str, Outcome]:
        """Every rule's outcome."""
        age, code, codes = facts["age_years"], facts["education_code"], facts["relaxed_education_codes"]
        bound = facts["relaxed_age_limit"]
        assert isinstance(age, int) and isinstance(bound, int) and isinstance(codes, list)  # noqa: S101, PT018 - narrows types
        education: Outcome = (
            "needs_judgement" if code in self._doubtful else "met" if code in self._enough else "not_met"
        )
        crime = facts["criminal_penalty"] or facts["criminal_case_open"]
        return {
            **dict.fromkeys(self._judgements, "needs_judgement"),
            "eligibility.citizenship": "met" if facts["citizen"] else "not_met",
            "eligibility.age": "met" if age <= self._limit else self._relaxed(facts, "needs_judgement", age <= bound),
            "eligibility.education": education
            if education == "met"
            else self._relaxed(facts, education, code in codes),
            "bar.crime": "not_met" if crime else "met",
            "bar.joint_punishment": "not_met" if facts["joint_punishment_listed"] else "met",
        }

    def findings(self, facts: Mapping[str, object]) -> list[Finding]:
        """Every rule's finding, in the order of the text."""
        outcomes, found = self.outcomes(facts), dict(self._judgements)
        lift = {name: facts[name] for name in LIFT}
        recommended = {"township_recommended": facts["township_recommended"]}
        age, code = facts["age_years"], facts["education_code"]

        outcome = outcomes["eligibility.age"]
        used = {"age_years": age, **lift, "relaxed_age_limit": facts["relaxed_age_limit"], **recommended}
        used["limit"] = self._limit
        if outcome != "met":
            used["listed"] = self._listed
        remarks = self._remarks["eligibility.age"] if age == self._limit else ()
        found["eligibility.age"] = self._finding("eligibility.age", outcome, used, age, remarks)

        outcome = outcomes["eligibility.education"]
        bound = {"relaxed_education_codes": facts["relaxed_education_codes"]}
        used = {"education_code": code, **lift, **bound, **recommended}
        used |= {"enough": self._enough, "doubtful": self._doubtful}
        if code in self._doubtful or code not in self._enough:
            used["listed"] = self._listed
        found["eligibility.education"] = self._finding("eligibility.education", outcome, used, code)

        opened = facts["criminal_case_open"]
        used = {"criminal_case_open": opened, "criminal_penalty": facts["criminal_penalty"]}
        remarks = self._remarks["bar.crime"] if opened and not facts["criminal_penalty"] else ()
        found["bar.crime"] = self._finding("bar.crime", outcomes["bar.crime"], used, None, remarks)

        for name, fact in (("eligibility.citizenship", "citizen"), ("bar.joint_punishment", "joint_punishment_listed")):
            found[name] = self._finding(name, outcomes[name], {fact: facts[fact]})
        return [found[name] for name in self._order]

    def _relaxed(self, facts: Mapping[str, object], outcome: Outcome, within: bool) -> Outcome:
        held, decision = facts["identities"], facts["relaxation_decision"]
        assert isinstance(held, list)  # noqa: S101 - narrows the type
        opened = not self._any_listed.isdisjoint(held) and facts["quality_found"] and facts["township_recommended"]
        if not opened or not within or decision == "refused":
            return outcome
        return "relaxed" if decision == "granted" else "needs_judgement"

    def _finding(
        self, name: str, outcome: Outcome, used: Facts, value: object = None, remarks: tuple[Text, ...] = ()
    ) -> Finding:
        rule, text = self._rules[name], self._texts[name, outcome]
        return Finding(name, rule.article, rule.words, used, outcome, value, text, remarks)


def _text(rule: Rule, outcome: Outcome) -> Text:
    says = SAYS[outcome]
    return Text(f"{says.zh}：{rule.message.zh}", f"{says.en}: {rule.message.en}")
