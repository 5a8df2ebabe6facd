"""What a draft would change in live data: asked of every service by event, reported batch by batch (P6)."""
