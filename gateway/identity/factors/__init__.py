"""The second factor (RFC 6238): set-up, codes, recovery codes, and its removal by two administrators."""
