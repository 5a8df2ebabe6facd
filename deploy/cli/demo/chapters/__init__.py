"""The chapters of the story, and the steps that each must reach."""

from deploy.cli.demo.account import Step
from deploy.cli.demo.chapters import guards, hiring, recruiting, staffing, working

STEPS: tuple[Step, ...] = (
    Step("tenants", "以数据开通两个租户"),
    *staffing.STEPS,
    *recruiting.STEPS,
    *hiring.STEPS,
    *working.STEPS,
    *guards.STEPS,
)

__all__ = ["STEPS", "guards", "hiring", "recruiting", "staffing", "working"]
