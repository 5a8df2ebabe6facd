"""The edge stream: what the gateway tells the edges, and what they report back.

`changes` are the facts, `messages` and `wire` the protocol that both ends speak, `server` the gateway's end.
No database and no web framework here: the edge imports `changes`, `messages` and `wire` too.
"""
