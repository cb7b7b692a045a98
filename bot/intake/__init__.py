"""The way in: events become units of work, are stored, scored and put into the outbox.

`pipeline` is the queue, `steps` cuts events into transactions of the database, `ingest`
is the straight line through them, `scoring` contains a detector that fails.
"""
