"""Random histories: the real program beside a naive model that is recomputed from the history.

`product` holds the real parts, `phones` is where messages arrive, `naive` says what ought to be,
`source` is the chain as it is. `life` brings them together; `chain`, `process`, `people` and
`messages` say what can happen, `agreement` what must hold, and `history` is all of it.
"""
