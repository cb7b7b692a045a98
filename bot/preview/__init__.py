"""What rules would have told over a past period: the detectors are run over it again.

`past` reads the period from storage, `replay` lets the live detectors judge it, `count` says
how many messages that makes, `neighbours` which other levels are worth a look.
"""
