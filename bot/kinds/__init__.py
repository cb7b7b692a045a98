"""The kinds of subscriptions as people ask for them and read of them.

To add one: a file here, its line in `registry.py`, and its name in `detectors.model.Kind`.
What it tells of is a detector's affair.
"""
