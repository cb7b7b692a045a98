"""The real program under every fault of its surroundings, in turn and together."""
