"""What a draft of the regulation would change in live data: each service looks through its own, batch by batch (P6)."""
