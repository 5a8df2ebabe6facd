"""All lines of some communities: each worker once, told in four services alike."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from deploy.cli.generation import assessing, learning, recruiting, serving
from deploy.cli.generation.filling import sheets
from deploy.cli.generation.lines import Ids, Lines
from deploy.cli.generation.secrets import Vault
from deploy.cli.generation.workers import Community, Setting, Unit, chance_of, crew, others
from kernel.privacy.kms import Kms


def frames(setting: Setting, communities: Iterable[Community]) -> dict[str, Lines]:
    """What the histories of a tenant refer to: plans and notices, methods and cycles, classes, the ladder."""
    made = sheets()
    organisers: dict[int, Unit] = {}
    assessors: dict[int, Unit] = {}
    for community in communities:
        organiser = community.above[setting.ground.organiser]
        assessor = community.above[setting.ground.assessor]
        organisers[organiser.no], assessors[assessor.no] = organiser, assessor
    for unit in organisers.values():
        recruiting.frame(made["recruitment"], setting, unit)
        learning.frame(made["training"], setting, unit)
    for unit in assessors.values():
        assessing.frame(made["assessment"], setting, unit)
    serving.frame(made["roster"], setting)
    return made


async def histories(setting: Setting, communities: Sequence[Community], kms: Kms) -> dict[str, Lines]:
    """The histories of everybody in these communities."""
    made = sheets()
    vault = Vault(kms, UUID(setting.tenant))
    for community in communities:
        await _community(made, setting, community, vault)
    return made


async def _community(made: dict[str, Lines], setting: Setting, community: Community, vault: Vault) -> None:
    chance = chance_of(setting, community)
    ids = Ids(chance)
    recruiting.items(made["recruitment"], setting, community)
    assessing.rounds(made["assessment"], setting, community)
    for worker in crew(setting, community, chance):
        key, contract = vault.key(), ids.at(worker.since)
        if worker.applied is not None:
            await recruiting.application(made["recruitment"], setting, community, worker, worker.applied, key, vault)
            recruiting.hired(made["recruitment"], setting, community, worker, worker.applied, ids)
        needs = learning.learned(made["training"], setting, community, worker, chance)
        graded = assessing.graded(made["assessment"], setting, community, worker, chance)
        assessing.told(made["assessment"], setting, community, worker, needs, chance)
        if not worker.elected:
            assessing.probation(
                made["assessment"], setting, community, worker, contract, serving.probation_before(worker.since)
            )
        await serving.served(made["roster"], setting, community, worker, key, vault, graded, needs, chance, contract)
    for applicant in others(setting, community, chance):
        await recruiting.application(
            made["recruitment"], setting, community, applicant, applicant.applied, vault.key(), vault
        )
