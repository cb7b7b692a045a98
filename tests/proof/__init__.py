"""The proof that nothing is lost: the program is killed, starved and cheated, and then asked."""
