"""Bitcoin over blockchain.com (blockchain.info): one websocket and a REST API.

`wire.py` says what the messages look like, `frames.py` and `rest.py` turn them into
events and values, `feed.py` decides what to ask for, with `main_chain.py` (missing
blocks and reorgs), `requests.py` (pace and repetition) and `liveness.py` (gaps and dead
sessions) beneath it; `lookup.py` holds what a person asks for by a button.
"""
