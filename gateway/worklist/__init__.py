"""The worklist (待办): what waits for whom, over all services; a projection of their approval events (T13)."""
