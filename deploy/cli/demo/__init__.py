"""The demonstration. It knows nothing of the inside: it starts `shegong up` and is its client.

Imports nothing of kernel, services or gateway, opens neither database nor broker.
"""
