from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from bot.kinds.registry import KINDS
from bot.wording.words import clean
from detectors.model import Kind, Way
from storage.transactions import save_transactions
from tests.bot.desk import ADDRESS, MISTYPED_ADDRESS, OTHER_ADDRESS, button, plain
from tests.make import NOW, transaction
from watchers.bitcoin.address import script_address
from watchers.registry import CHAINS

SHORT = "bc1qa…5mdq"


class Source:
    """A source that notes which addresses it is told to watch."""

    def __init__(self):
        self.feed = SimpleNamespace(chain="bitcoin")
        self.told = []
        self.priced = []

    def set_watching(self, addresses, currencies):
        self.told.append(set(addresses))
        self.priced.append(set(currencies))


async def test_a_watch_begins_and_the_sources_learn_of_it(desk, talk):
    source = Source()
    desk.sources.append(source)
    answer = await talk.say(f"/watch {ADDRESS} Cold wallet")
    assert answer.startswith("👁 Watching Cold wallet.")
    assert "You watch 1 address here." in answer
    assert source.told == [{ADDRESS}]
    assert [s.label for s in desk.interests.watching("bitcoin", ADDRESS)] == ["Cold wallet"]


async def test_what_has_a_name_is_offered_to_be_renamed(talk):
    unnamed = await talk.send(f"/watch {ADDRESS}")
    assert button(unnamed, "📋 Command to name it").copy == f"/watch {ADDRESS} My name for it"
    named = await talk.send(f"/watch {ADDRESS} Cold wallet")
    assert button(named, "📋 Command to rename it").copy == f"/watch {ADDRESS} Cold wallet"


async def test_an_address_is_watched_in_its_canonical_form(desk, talk):
    await talk.say(f"/watch {ADDRESS.upper()}")
    assert set(desk.interests.addresses("bitcoin")) == {ADDRESS}


async def test_watching_again_says_so_and_keeps_the_label(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    for again in (f"/watch {ADDRESS}", f"/watch {ADDRESS} Cold wallet"):
        assert "Cold wallet is watched already." in await talk.say(again)
    assert len(desk.interests.watching("bitcoin", ADDRESS)) == 1


@pytest.mark.parametrize("begin", ["/watch", "/alerts add watch"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("in min 0.5 BTC label Cold", ("Cold", Way.IN, 50_000_000, "BTC")),
        ("label Cold min 0.5 BTC in", ("Cold", Way.IN, 50_000_000, "BTC")),
        ("Cold store out", ("Cold store", Way.OUT, 0, "")),
        ("min $10k Cold", ("Cold", Way.ANY, 10_000 * 10**6, "USD")),
        ("min 1.5 M USD out Cold", ("Cold", Way.OUT, 1_500_000 * 10**6, "USD")),
        ("Paid in full", ("Paid in full", Way.ANY, 0, "")),
        ("'Money in' out", ("Money in", Way.OUT, 0, "")),
        ("Min Kim", ("Min Kim", Way.ANY, 0, "")),
        ("any min off", ("", Way.ANY, 0, "")),
        ("incoming over 1 BTC", ("", Way.IN, 100_000_000, "BTC")),
        ("Cold, > 1 BTC", ("Cold", Way.ANY, 100_000_000, "BTC")),
        ("From 2019", ("From 2019", Way.ANY, 0, "")),
        ("as Cold", ("Cold", Way.ANY, 0, "")),
        ("label=Cold", ("Cold", Way.ANY, 0, "")),
    ],
)
async def test_direction_and_least_amount_are_typed_around_the_label(
    desk, talk, begin, typed, told
):
    await talk.say(f"{begin} {ADDRESS} {typed}")
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert (watch.label, watch.way, watch.amount, watch.unit) == told


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("in Cold out", "You said “direction” twice"),
        ("Cold min $1.500", "can be read in two ways"),
        ("min 5 XYZ Cold", "“XYZ” is no unit I know"),
        ("min", "How much?"),
        (OTHER_ADDRESS, "One address at a time"),
    ],
)
async def test_what_contradicts_itself_begins_no_watch(desk, talk, typed, reason):
    assert reason in await talk.say(f"/watch {ADDRESS} {typed}")
    assert not desk.interests.watching("bitcoin", ADDRESS)


async def test_the_label_may_stand_before_the_address(desk, talk):
    await talk.say(f"/watch First miner out ({ADDRESS}),")
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert (watch.label, watch.way) == ("First miner", Way.OUT)
    assert "No longer watching First miner." in await talk.say("/unwatch #1")


async def test_adding_a_watch_again_sets_what_is_told_and_keeps_the_label(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold in min 0.5 BTC")
    await talk.say(f"/alerts add watch {ADDRESS} out")
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert (watch.label, watch.way, watch.amount) == ("Cold", Way.OUT, 0)


async def test_watching_again_changes_only_what_is_said(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold in min 0.5 BTC")
    answer = await talk.say(f"/watch {ADDRESS} out")
    assert "Told: what goes out, from 0.5 BTC on" in answer
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert (watch.label, watch.way, watch.amount) == ("Cold", Way.OUT, 50_000_000)


async def test_a_form_gives_each_by_its_name(desk, talk):
    form = {"address": ADDRESS, "label": "Money in", "direction": "out", "min": "0.5 BTC"}
    await talk.conversation(replace(talk.who, command="watch", options=form))
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert (watch.label, watch.way, watch.amount) == ("Money in", Way.OUT, 50_000_000)


async def test_a_rule_of_a_watch_reads_as_it_is_written(desk, talk):
    await talk.say(f"/watch {ADDRESS} 'Money in' out min 0.5 BTC")
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    (read,) = KINDS[Kind.WATCH].parse(KINDS[Kind.WATCH].text(watch, CHAINS), CHAINS)
    assert (read.label, read.way, read.amount) == (watch.label, watch.way, watch.amount)


async def test_another_label_renames(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    assert "It is called Hot wallet now." in await talk.say(f"/watch {ADDRESS} 'Hot wallet'")
    assert [s.label for s in desk.interests.watching("bitcoin", ADDRESS)] == ["Hot wallet"]


async def test_a_label_is_made_fit_to_show(desk, talk):
    await talk.say(f"/watch {ADDRESS} evil\u202egnp\x07 \u200b{'x' * 60}")
    (watch,) = desk.interests.watching("bitcoin", ADDRESS)
    assert watch.label == "evilgnp " + "x" * 31 + "…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc", "a b c"),
        ("\u202eabc\u2066", "abc"),
        ("\ud800x\0", "x"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("abcdef", "abcd…"),
    ],
)
def test_foreign_text_is_cleaned(text, shown):
    assert clean(text, 5) == shown


async def test_it_tells_when_an_address_was_last_seen(desk, talk):
    seen = transaction(time=NOW - 720, recipient=ADDRESS)
    await desk.write(lambda db: save_transactions(db, "bitcoin", [seen], unconfirmed=True))
    assert "Last seen 12 min ago." in await talk.say(f"/watch {ADDRESS}")
    assert "not seen it in a transaction yet" in await talk.say(f"/watch {OTHER_ADDRESS}")
    listed = await talk.say("/watchlist")
    assert f"1. {SHORT} · seen 12 min ago" in listed
    assert "2. 1A1zP…vfNa · not seen yet" in listed


async def test_the_list_tells_what_of_an_address_is_told(talk):
    await talk.say(f"/watch {ADDRESS} Cold out min 1.5 BTC")
    await talk.say(f"/watch {OTHER_ADDRESS} Cold")
    listed = await talk.say("/watchlist")
    assert "\n1. Cold bc1qa…5mdq, what goes out, from 1.5 BTC on · not seen yet\n" in listed
    assert "\n2. Cold 1A1zP…vfNa · not seen yet\n" in listed
    which = await talk.say("/unwatch Cold")
    assert f"\nCold  {ADDRESS}, what goes out, from 1.5 BTC on\n" in which


async def test_a_mistyped_address_is_refused_with_reason_usage_and_example(desk, talk):
    answer = await talk.send(f"/watch {MISTYPED_ADDRESS}")
    text = "\n".join("".join(run.text for run in line) for line in (answer.title, *answer.lines))
    assert "character 42 ('p') is probably mistyped" in text
    assert "Usage: /watch ADDRESS [label]" in text
    assert "Example: /watch bc1q" in text
    assert button(answer, "Help").command == "/help watch"
    assert not desk.interests.addresses("bitcoin")


async def test_watching_without_an_address_asks_for_it(talk):
    answer = await talk.send("/watch")
    assert plain(answer).startswith(
        "Which address?\nJust paste it here, or type it after /watch, like this:\n/watch bc1q"
    )
    assert not answer.refusal


async def test_where_nobody_listens_to_a_paste_it_is_not_asked_for(talk):
    await talk.say("/help")
    group = talk.by(kind="group", chat="-7")
    assert "Which address?\nType it after /watch, like this:" in await group.say("/watch")


async def test_an_empty_list_says_how_to_begin(talk):
    for asked in ("/watchlist", "/unwatch", f"/unwatch {ADDRESS}"):
        assert "Paste one, or type /watch ADDRESS label." in await talk.say(asked)


@pytest.mark.parametrize(
    "which", ["2", "First miner", "first MINER", "first", OTHER_ADDRESS, '"First miner"']
)
async def test_unwatch_takes_a_number_a_label_or_an_address(desk, talk, which):
    await talk.say(f"/watch {ADDRESS}")
    await talk.say(f"/watch {OTHER_ADDRESS} First miner")
    answer = await talk.say(f"/unwatch {which}")
    assert "No longer watching First miner." in answer
    assert "You still watch 1 address here." in answer
    assert set(desk.interests.addresses("bitcoin")) == {ADDRESS}
    assert "You watch no other address here." in await talk.say(f"/unwatch {ADDRESS}")


async def test_undo_brings_a_watch_back_with_its_label(desk, talk):
    await talk.say(f"/watch {ADDRESS} “Cold” wallet")
    ended = await talk.send("/unwatch 1")
    assert button(ended, "Undo").replaces
    await talk.press(ended, "Undo")
    assert [s.label for s in desk.interests.watching("bitcoin", ADDRESS)] == ["“Cold” wallet"]


async def test_a_label_that_two_addresses_have_asks_which(desk, talk):
    for address in (ADDRESS, OTHER_ADDRESS):
        await talk.say(f"/watch {address} Mine")
    asked = await talk.send("/unwatch mine")
    assert "Which one? 2 are called so." in asked.title[0].text
    await talk.press(asked, OTHER_ADDRESS[-4:])
    assert set(desk.interests.addresses("bitcoin")) == {ADDRESS}


@pytest.mark.parametrize(
    ("which", "reason"),
    [
        ("3", "There is no number 3: 1 address on the list."),
        ("0", "There is no number 0"),
        ("nothing", "Nothing here is called “nothing”."),
        (OTHER_ADDRESS, "1A1zP…vfNa is not watched here."),
        (MISTYPED_ADDRESS, "The checksum does not match"),
    ],
)
async def test_unwatching_what_is_not_watched_says_so(talk, which, reason):
    await talk.say(f"/watch {ADDRESS}")
    assert reason in await talk.say(f"/unwatch {which}")


async def test_a_long_list_has_pages_and_a_button_for_each_address(desk, talk):
    for number in range(19):
        script = b"\x00\x14" + bytes([number]) * 20
        await talk.say(f"/watch {script_address(script)} Number {number + 1}")
    first = await talk.send("/watchlist")
    assert first.title[-1].text == " (page 1 of 3)"
    assert len(first.lines) == 8
    second = await talk.press(first, "Later")
    assert second.lines[0][0].text.startswith("9. Number 9")
    await talk.press(second, "Unwatch 9")
    assert "Number 9" not in await talk.say("/watchlist 2")
    assert "page 3 of 3" in await talk.say("/watchlist 99")
    assert "is no page" in await talk.say("/watchlist next")


async def test_chats_do_not_see_each_others_addresses(talk):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    assert "No address is watched here yet." in await talk.by(chat="other").say("/watchlist")
