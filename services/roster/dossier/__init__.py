"""The dossier (档案): one per person, opened by the hire."""
