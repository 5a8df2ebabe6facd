"""Facts of the packs' common vocabulary that recruitment itself supplies, and who determines which of them.

What a pack's conditions read beyond these the applicant states when signing up, so a regulation that asks for more
needs no change here (P3, P8, NM-9).
"""

from collections.abc import Mapping
from typing import Literal

GROUP = "eligibility"
"""The group of rules of the qualification review."""
PRIORITY = "priority"
"""The group of rules that break a tie between equal scores (NM-10)."""

AGE = "age_years"

CATEGORY = "post_category"

COMPUTED: frozenset[str] = frozenset({AGE, CATEGORY, "education_code", "relaxed_age_limit", "relaxed_education_codes"})
"""From the application, the notice and the plan."""

MaterialKind = Literal["identity_card", "diploma", "photo", "certificate", "identity_proof", "work_proof", "other"]
"""Documents that applicants hand in."""
ExamPart = Literal["written", "interview"]

Office = Literal["reviewer", "township", "organiser"]
"""Any official with the permission; an official of the township the community lies in; one of the organising unit."""

DETERMINED: Mapping[str, tuple[Office, object]] = {
    "quality_found": ("reviewer", False),
    "township_recommended": ("township", False),
    "relaxation_decision": ("organiser", "none"),
}
"""Facts that only an official's determination makes true: who determines, and the value before anyone did."""

SUPPLIED = COMPUTED | frozenset(DETERMINED)

RECKONED: frozenset[str] = frozenset({AGE, CATEGORY, "relaxed_age_limit", "relaxed_education_codes"})
"""Facts that nobody states or establishes: they follow from the ID number, the notice and the plan."""
