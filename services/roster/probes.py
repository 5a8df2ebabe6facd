"""The probes of this service: its features register here how their live data stand under a draft of the regulation."""

from kernel.simulation.probes import Probes

probes = Probes()
