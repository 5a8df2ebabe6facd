"""The probes with which the services answer a simulation of a draft; every one of them reports until it is done."""

from collections.abc import Mapping

PROBES: Mapping[str, tuple[str, ...]] = {
    "recruitment": ("applications",),
    "roster": ("community_posts",),
    "training": ("yearly_hours",),
}
