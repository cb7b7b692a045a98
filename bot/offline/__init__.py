"""The commands that work on files without a bot: what anybody checks the claims with.

`commands` declares them, `files` reads what was captured, `ingest`, `train`, `score` and
`evaluate` are each a command's work.
"""
