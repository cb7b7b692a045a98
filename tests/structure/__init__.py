"""Rules over the source as text, each a function from modules to faults."""
