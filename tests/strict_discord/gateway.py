"""The gateway's sessions: what was told to whom, in which order, and what a resume repeats.

Source: docs.discord.com/developers/events/gateway.
"""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.strict_discord.messages import Json

if TYPE_CHECKING:
    from tests.strict_discord.world import World

GUILDS = 1 << 0
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
KNOWN_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
WITH_GUILDS = ("GUILD_", "CHANNEL_", "THREAD_")


@dataclass(eq=False)
class Socket:
    """One connection of the client; `outbox` ends with None or with a close code."""

    outbox: asyncio.Queue[Json | int | None] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None

    def send(self, op: int, told: Any = None, event: str | None = None, seq: int | None = None):
        """Queue a payload."""
        self.outbox.put_nowait({"op": op, "d": told, "s": seq, "t": event})

    def close(self, code: int) -> None:
        """Close it once everything before is sent."""
        self.outbox.put_nowait(code)


@dataclass(eq=False)
class Session:
    """What outlives a connection: the events of one shard since READY."""

    id: str
    shard: tuple[int, int]
    intents: int
    told: list[tuple[str, Json]] = field(default_factory=list)
    socket: Socket | None = None

    def push(self, event: str, told: Json) -> None:
        """Tell an event now, or when the client comes back."""
        self.told.append((event, told))
        if self.socket is not None:
            self.socket.send(0, told, event, len(self.told))

    def replay(self, seq: int) -> None:
        """Tell again what came after `seq`."""
        assert self.socket is not None
        for number, (event, told) in enumerate(self.told[seq:], start=seq + 1):
            self.socket.send(0, told, event, number)
        self.push("RESUMED", {"_trace": []})

    def wants(self, event: str, guild_id: int | None) -> bool:
        """Whether the intents ask for the event, and the shard is the guild's."""
        shard, count = self.shard
        if (0 if guild_id is None else (guild_id >> 22) % count) != shard:
            return False
        if event.startswith("MESSAGE_"):
            return bool(self.intents & (DIRECT_MESSAGES if guild_id is None else GUILD_MESSAGES))
        return not event.startswith(WITH_GUILDS) or bool(self.intents & GUILDS)


class Gateway:
    """All sessions, and the connections that carry some of them.

    `shards` is what GET /gateway/bot advises; `refuse_next` is how many connections are refused
    before a websocket opens. `identify_seconds` is the time between two IDENTIFYs, and `starts`
    how many are left. `begun` are all sessions ever, `history` what became of each attempt.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        self.url = ""
        self.shards = 1
        self.starts = 1000
        self.heartbeat_seconds = 41.25
        self.patience_seconds = 20.0  # how late a heartbeat may be
        self.identify_seconds = 5.0
        self.refuse_next: float = 0
        self.sessions: dict[str, Session] = {}
        self.sockets: list[Socket] = []
        self.begun: list[Session] = []
        self.history: list[str] = []
        self.compressions: list[str] = []
        self.beats = 0
        self._identified_at = -math.inf

    @property
    def live(self) -> list[Session]:
        """Sessions with a connection."""
        return [session for session in self.sessions.values() if session.socket is not None]

    def dispatch(self, event: str, told: Json, guild_id: int | None) -> None:
        """Tell an event to every session that it is for."""
        for session in self.sessions.values():
            if session.wants(event, guild_id):
                session.push(event, told)

    def identify(self, socket: Socket, given: Json) -> None:
        """Begin a session, or close the socket for what is wrong."""
        problem = self._problem(given)
        if problem:
            self.refuse(socket, *problem)
            return
        shard, count = given.get("shard", (0, 1))
        if self.starts <= 0 or not self._has_waited():
            self.history.append("too many starts")
            socket.send(9, False)
            return
        self.starts -= 1
        number = next(self.world.numbers)
        session = Session(f"session{number:08x}", (shard, count), given["intents"], socket=socket)
        self.sessions[session.id] = socket.session = session
        self.begun.append(session)
        self.history.append("identify")
        self._greet(session)
        self.world.bell.ring()

    def resume(self, socket: Socket, given: Json) -> None:
        """Go on with a session: repeat what was missed, or say that it is gone."""
        session = self.sessions.get(given.get("session_id", ""))
        if given.get("token") != self.world.token:
            self.refuse(socket, 4004, "Authentication failed.")
        elif session is None:
            self.history.append("resume refused")
            socket.send(9, False)
        elif not 0 <= (given.get("seq") or 0) <= len(session.told):
            self.refuse(socket, 4007, "Invalid seq.")
        else:
            self._leave_other(session)
            session.socket, socket.session = socket, session
            self.history.append("resume")
            session.replay(given.get("seq") or 0)
            self.world.bell.ring()

    def refuse(self, socket: Socket, code: int, why: str) -> None:
        """Close a connection whose client did something wrong."""
        self.world.accuse(f"gateway closed with {code}: {why}")
        socket.close(code)

    def drop(self, socket: Socket, *, clean: bool) -> None:
        """A connection is gone; a client that closed it with 1000 or 1001 wants no resume."""
        self.sockets.remove(socket)
        session = socket.session
        if session is not None and session.socket is socket:
            session.socket = None
            if clean:
                self.sessions.pop(session.id, None)
        self.world.bell.ring()

    def _problem(self, given: Json) -> tuple[int, str] | None:
        shard, count = given.get("shard", (0, 1))
        intents = given.get("intents", -1)
        if given.get("token") != self.world.token:
            return 4004, "Authentication failed."
        if not 0 <= shard < count:
            return 4010, "Invalid shard."
        if intents < 0 or intents & ~KNOWN_INTENTS:
            return 4013, "Invalid intent(s)."
        if intents & PRIVILEGED:
            return 4014, "Disallowed intent(s)."
        return None

    def _has_waited(self) -> bool:
        """Whether a new session may begin: one in five seconds, however many shards."""
        now = self.world.now()
        if now - self._identified_at < self.identify_seconds:
            return False
        self._identified_at = now
        return True

    def _leave_other(self, session: Session) -> None:
        if session.socket is not None:
            session.socket.session = None
            session.socket.close(4000)

    def _greet(self, session: Session) -> None:
        guilds = list(self._guilds_of(session))
        ready: Json = {
            "v": 10,
            "user": self.world.bot_user | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{self.url}/resume",
            "shard": list(session.shard),
            "application": {"id": str(self.world.bot_id), "flags": 0},
            "private_channels": [],
        }
        session.push("READY", ready)
        for guild_id in guilds:
            guild = self.world.guilds[guild_id]
            if guild.available and session.wants("GUILD_CREATE", guild_id):
                session.push("GUILD_CREATE", guild.as_json())

    def _guilds_of(self, session: Session) -> Iterator[int]:
        shard, count = session.shard
        for guild in self.world.guilds.values():
            if guild.present and (guild.id >> 22) % count == shard:
                yield guild.id
