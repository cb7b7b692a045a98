"""Learnt detection as a person meets it: trained on real transactions, told, judged, and back."""

import re
from copy import deepcopy

import pytest

from tests.end_to_end import real
from tests.end_to_end.program import running
from tests.end_to_end.source import Source
from tests.png import measure_photo
from tests.strict_telegram.server import StrictTelegram

FIRST_HEIGHT = 800_000
LEARNT, MORE = 2_600, 400
LESSON = re.compile(r"Of 80 odd ones planted among [\d,]+ others it found \d+, at one in 100\.")
PATIENCE_SECONDS = 300


@pytest.mark.timeout(900)
async def test_a_person_trains_is_told_judges_asks_why_and_goes_back(tmp_path):
    lines = real.mempool()
    first = real.rawblock(real.made_block("1" * 64, lines[-3:]), FIRST_HEIGHT, "00" * 32)
    async with Source() as source, StrictTelegram() as server:
        source.blocks[FIRST_HEIGHT] = first
        ada, bob = server.person("Ada"), server.person("Bob")
        settings = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base,
            "OWNERS": f"telegram:{ada.id}", "HISTORY": "1s", **source.settings,
        }  # fmt: skip
        async with running(tmp_path, **settings) as program:
            stage = Stage(source, server, program, ada, bob)
            await source.until_subscribed()
            for asked in ("/models", "/train"):
                assert "It needs 2000" in (await stage.asks(ada, asked)).text
            await stage.take(lines[:LEARNT])
            await stage.trains(1)
            group = await stage.group_that_asks()
            await stage.take(lines[LEARNT : LEARNT + MORE])
            assert stage.judged_by(lines[LEARNT : LEARNT + MORE]) == {1}
            await stage.is_told_and_judges(group, lines[0])
            await stage.trains(2)
            await stage.goes_back(lines[LEARNT + MORE :][:50])
        server.assert_clean()


class Stage:
    """What is driven: real transactions from a source, people on Telegram, the program."""

    def __init__(self, source, server, program, ada, bob):
        self.source, self.server, self.program = source, server, program
        self.ada, self.bob = ada, bob

    async def asks(self, person, text, chat=None):
        await person.says(text, **({} if chat is None else {"chat": chat}))
        return await self.server.next_message(chat or person.chat, timeout=60)

    async def take(self, lines):
        for line in lines:
            await self.source.say("utx", real.utx(line))
        await self.program.until_knows([line["_txid"] for line in lines])

    async def trains(self, version):
        """An owner asks for a training, and reads what came of it."""
        assert "learning Bitcoin anew" in (await self.asks(self.ada, "/train")).text
        lesson = await self.server.next_message(self.ada.chat, timeout=PATIENCE_SECONDS)
        assert str(version) in lesson.text.splitlines()[0]
        assert LESSON.search(lesson.text), lesson.text
        assert re.search(r"It learnt from [\d,]+ transactions", lesson.text)

    async def group_that_asks(self):
        """A group of both, which is told what is one in 100."""
        group = self.server.group("Odd ones")
        self.server.set_status(group, self.ada, "administrator")
        self.server.set_status(group, self.bob, "member")
        said = await self.asks(self.ada, "/alerts add anomalies 1 in 100", group)
        assert "1 in 100" in said.text
        return group

    def judged_by(self, lines):
        """By which models these transactions were judged."""
        hashes = ", ".join(f"'{line['_txid']}'" for line in lines)
        query = f"SELECT DISTINCT model FROM features WHERE hash IN ({hashes})"
        return {model for (model,) in self.program.rows(query)}

    async def is_told_and_judges(self, group, line):
        """A sweep of hundreds of inputs is told; the group says what it thinks, and asks why."""
        odd = swept(line)
        await self.program.until_all_is_said()  # what comes together is told together
        await self.take([odd])
        await self.program.until_all_is_said()
        alert = next(m for m in self.server.messages(group) if odd["_txid"] in m.html)
        assert "% of transactions" in alert.text
        await self.bob.presses(alert, "👍")
        await self.server.until(lambda: "👍 Bob" in alert.text, timeout=30)
        await self.ada.presses(alert, "👎")
        await self.server.until(lambda: "👍 Bob · 👎 Ada" in alert.text, timeout=30)
        by_alert = await self.picture_after(group, self.bob.presses(alert, "❓ Why"))
        asked = self.bob.says(f"/why {odd['_txid']}", chat=group)
        by_id = await self.picture_after(group, asked)
        for why in (by_alert, by_id):
            assert "1 in" in why.caption
            assert "What makes it odd" in why.caption
            assert min(measure_photo(why.photo)) > 300

    async def picture_after(self, group, act):
        """The next message there with a picture, once something was done."""

        def pictures():
            return [message for message in self.server.messages(group) if message.photo]

        before = len(pictures())
        await act
        await self.server.until(lambda: len(pictures()) > before, timeout=60)
        return pictures()[-1]

    async def goes_back(self, lines):
        """The registry shows both; the one that does not run is made to, and back."""
        registry = await self.asks(self.ada, "/models")
        assert "Useful: 0 of 1 judged alert" in registry.text
        assert "found" in registry.text
        ((running,),) = self.program.rows("SELECT version FROM models WHERE state = 'running'")
        other = 3 - running
        await self.take(lines[:20])
        assert self.judged_by(lines[:20]) == {running}
        back = await self.asks(self.ada, f"/models rollback {other}")
        assert f"Model {other} judges Bitcoin now" in back.text
        await self.take(lines[20:40])
        assert self.judged_by(lines[20:40]) == {other}
        await self.ada.presses(back, f"Undo: back to {running}")
        await self.program.until(
            lambda: self.program.rows("SELECT version FROM models WHERE state = 'running'")
            == [(running,)], "the model that ran before",
        )  # fmt: skip
        await self.take(lines[40:])
        assert self.judged_by(lines[40:]) == {running}


def swept(line):
    """A real transaction with its first input 300 times over, and forty times the fee."""
    odd = deepcopy(line)
    odd["_txid"] = "5" * 64
    odd["tx"]["vin"] = odd["tx"]["vin"][:1] * 300
    odd["_size"] = 300 * 148
    return odd
