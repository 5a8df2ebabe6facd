"""Moving to a community elsewhere in the jurisdiction: release, the worker's consent, acceptance (NM-23).

Each side keeps a record of its own, so that neither sees what is the other's: the giving side its `Transfer`, the
receiving side a `Reception` that the worker's consent makes. The days on which posts are left and taken are the same.
"""
