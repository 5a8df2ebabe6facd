"""The approvals of this service: its features register here what their cases lead to and open cases through it."""

from kernel.approvals.embed.actions import Approvals

approvals = Approvals()
