"""The server side of the demo and the tests: a Bitcoin that speaks blockchain.com's protocols.

It imports nothing of ours, so that what it sends is checked against the published
formats and not against our own parser. Chance comes from a seed and times from a clock
that is passed in; only `server.py`, `site.py` and `listener.py` touch sockets.

`address` and `transaction` are Bitcoin's encodings; `ledger`, `mempool` and `blockchain`
its rules; `people`, `wallets` and `economy` who pays whom; `world` what can be done to
it all, `schedule` when that happens; `wire` and `rest` how blockchain.com tells it. A new
habit of the economy is a function in `economy.py` and its weight in `HABITS`.
"""
