"""The offline commands, as the real program on real data."""
