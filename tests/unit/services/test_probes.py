"""Every probe that a simulation waits for is there, and no other: else it would never be done (P6)."""

import services.recruitment.service as recruitment
import services.roster.service as roster
import services.training.service as training
from contracts.simulations import PROBES


def test_the_services_have_the_probes_that_are_waited_for() -> None:
    found = {
        "recruitment": tuple(recruitment.probes.known),
        "roster": tuple(roster.probes.known),
        "training": tuple(training.probes.known),
    }
    assert found == dict(PROBES)
