"""What is remarkable, and who wants to know: pure, without I/O and without a clock.

It may import `watchers.model` only. To add a detector, write `detectors/<what>.py`
with a `detector.Detector` and list it in `registry.py`.
"""
