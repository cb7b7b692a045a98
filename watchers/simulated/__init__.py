"""The server side of the demo and the tests: chains that speak the real protocols.

It imports nothing of ours, so that what it sends is checked against the published
formats and not against our own parser.
"""
