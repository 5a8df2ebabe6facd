"""HTTP: operations with one permission each, problems, idempotency, ETags, cursors, labels, the service itself."""
