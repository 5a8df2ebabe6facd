"""The door: edge, identity, directory, regulation, worklist and audit."""
