"""The data plane: one raw ASGI application before all services, without a database (architecture.md,
Gateway).

It knows only what the edge stream told it, decides by that, and forwards over its own small upstream pool.
"""
