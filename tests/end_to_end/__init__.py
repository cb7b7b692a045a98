"""The whole program as a process of its own, between real sockets and a strict Telegram."""
