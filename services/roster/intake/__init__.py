"""Entering workers who served before this roster was kept: identity, posts, earlier work, education, certificates."""
