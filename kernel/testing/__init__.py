"""What tests of every service stand on; nothing of it runs in production."""
