"""Alerts as a person reads them."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.platforms.telegram_html import ENTITIES, plain_text, render_html
from bot.wording.alert_message import format_alerts, format_end, shown
from bot.wording.alert_view import View
from detectors.model import Alert, Severity
from storage.acknowledgements import Acknowledged
from storage.alerts import Story
from storage.states import State
from tests.bot.desk import button, plain
from tests.make import NOW, coinbase, hash_of, transaction
from tests.strict_telegram.html import parse_html, utf16_length
from watchers.model import Transaction, Transfer
from watchers.registry import CHAINS

BTC = 10**8
USD = 10**6
PENDING = State()


def alert(of, detector="whales", subject="BTC", amount=None, *, late=False):
    gained = of.moved if amount is None else amount
    return Alert("bitcoin", of.hash, detector, subject, NOW, gained, None, late=late)


def story(of, *alerts, state=PENDING, kept=True):
    return Story(of.hash, "bitcoin", alerts or (alert(of),), of if kept else None, state)


def view(labels=None, values=None, currency="USD"):
    return View(labels or {}, "UTC", currency, values or {})


def read(*stories, seen=None):
    """What a person reads, line by line."""
    return plain(format_alerts(stories, CHAINS, seen or view())).splitlines()


def watched(of, subject, amount):
    return alert(of, "watched", subject, amount)


def test_a_whale_reads_as_verdict_parties_kind_state_and_link():
    whale = transaction(1_234 * BTC, fee=2_000, size=200)
    seen = view(values={(whale.hash, "BTC"): 80_200_000 * USD})
    lines = read(story(whale), seen=seen)
    assert lines[:4] == [
        "🐋 1,234 BTC ($80.2M) moved",
        "ada → bob",
        "Payment · 1 input, 1 output",
        "⏳ Unconfirmed · 10 sat/vB",
    ]
    assert lines[4] == f"{whale.hash[:5]}…{whale.hash[-4:]}"


def test_without_a_price_it_says_so_in_place_of_silence():
    assert read(story(transaction(5 * BTC)))[0] == "🐋 5 BTC (no price yet) moved"


def test_the_worth_that_came_later_is_shown_though_the_first_alert_had_none():
    whale = transaction(5 * BTC)
    both = (alert(whale), alert(whale, subject="USD", late=True))
    seen = view(values={(whale.hash, "USD"): 250_000 * USD})
    assert read(story(whale, *both), seen=seen)[0] == "🐋 5 BTC ($250k) moved"


def test_another_currency_is_named():
    whale = transaction(5 * BTC)
    for currency, text in (("EUR", "(€230k)"), ("CHF", "(230k CHF)")):
        seen = view(values={(whale.hash, "BTC"): 230_000 * USD}, currency=currency)
        assert text in read(story(whale), seen=seen)[0]


def test_incoming_names_the_label_and_what_moved_in_all():
    paid = transaction(3 * BTC)
    incoming = story(paid, watched(paid, "bob", BTC))
    lines = read(incoming, seen=view({"bob": "Cold wallet"}))
    assert lines[0] == "🟢 +1 BTC (no price yet) to Cold wallet"
    assert lines[1] == "ada → Cold wallet bob"
    assert "3 BTC moved in all" in lines[2]


def test_outgoing_is_a_loss_of_amount_and_fee():
    paid = transaction(BTC, fee=BTC // 2)
    lines = read(story(paid, watched(paid, "ada", -BTC - BTC // 2)))
    assert lines[0] == "🔴 −1.5 BTC (no price yet) from ada"


def test_a_move_between_own_addresses_costs_the_fee_and_is_no_loss():
    moved = transaction(BTC, fee=1_000)
    both = (watched(moved, "ada", -BTC - 1_000), watched(moved, "bob", BTC))
    assert read(story(moved, *both))[0] == (
        "🔁 Moved between ada and 1 more of yours for the fee, 0.00001 BTC"
    )


def test_what_comes_and_goes_in_equal_parts_is_no_loss_of_nothing():
    """Somebody else paid the fee, or the row with the fee is gone."""
    through = transaction(BTC, fee=1_000)
    for kept in (True, False):
        lines = read(story(through, watched(through, "ada", 0), kept=kept))
        assert lines[0] == "🔁 Moved within ada for nothing"


def test_several_own_addresses_are_one_net_amount():
    paid = transaction(3 * BTC)
    alerts = (watched(paid, "ada", 2 * BTC), watched(paid, "bob", BTC))
    values = {(paid.hash, "ada"): 100_000 * USD, (paid.hash, "bob"): 50_000 * USD}
    lines = read(story(paid, *alerts), seen=view(values=values))
    assert lines[0] == "🟢 +3 BTC ($150k) to ada and 1 more of yours"


def test_what_is_late_says_when_it_happened():
    whale = transaction(BTC)
    assert "Late news: first met 22:13 on 14 Nov" in read(story(whale, alert(whale, late=True)))


def test_each_state_is_told_in_words():
    whale = transaction(BTC)
    for state, words in (
        (State(height=840_000, confirmations=2), "✅ Confirmed in block 840,000"),
        (State(replaced_by="ab" * 32), "⚠️ Replaced by ababa…abab, so unlikely to be mined"),
        (State(orphaned=True), "↩️ Unconfirmed again: its block left the chain"),
        (State(expired=True), "❔ No word of it for 14 days, fate unknown"),
        (State(last_known="confirmed"), "✅ Confirmed"),
        (State(last_known="replaced"), "⚠️ Replaced, so unlikely to be mined"),
        (
            State.remembered("replaced@" + "ab" * 32),
            "⚠️ Replaced by ababa…abab, so unlikely to be mined",
        ),
        (State.remembered("confirmed@700000"), "✅ Confirmed in block 700,000"),
    ):
        (line,) = (line for line in read(story(whale, state=state)) if line.startswith(words[0]))
        assert line.partition(" · ")[0] == words


def test_a_mining_reward_comes_from_nowhere():
    reward = coinbase(1)
    lines = read(story(reward, watched(reward, "miner", 50)))
    assert "newly mined → miner" in lines
    assert "⏳ Unconfirmed" in lines


def test_a_transaction_without_any_address_still_reads():
    bare = Transaction(
        "bitcoin", hash_of("bare"), NOW, (Transfer(None, 5),), (Transfer(None, 5),),
        5, None, 100, None, "payment",
    )  # fmt: skip
    lines = read(story(bare))
    assert "no address → no address" in lines
    assert "Watch" not in str(format_alerts([story(bare)], CHAINS, view()).buttons)


def test_what_is_no_longer_kept_is_told_from_its_alert():
    gone = transaction(5 * BTC)
    lines = read(story(gone, state=State(last_known="confirmed"), kept=False))
    assert lines[:2] == ["🐋 5 BTC (no price yet) moved", "✅ Confirmed"]


def test_a_replacement_takes_the_place_of_what_it_replaced():
    old, new = transaction(BTC), transaction(2 * BTC)
    lines = read(story(old, state=State(replaced_by=new.hash)), story(new))
    assert lines[0].startswith("🐋 2 BTC")


def test_a_burst_names_every_transaction_and_how_each_stands():
    whales = [transaction(n * BTC) for n in (1, 2, 3)]
    stories = [story(t, state=State(height=9) if t.moved == BTC else PENDING) for t in whales]
    lines = read(*stories)
    assert lines[0] == "📦 3 transactions at once"
    assert [line[:7] for line in lines[1:4]] == ["✅ 🐋 1 B", "⏳ 🐋 2 B", "⏳ 🐋 3 B"]
    assert lines[4] == "1 of 3 confirmed"
    message = format_alerts(stories, CHAINS, view())
    links = [run.url for line in message.lines for run in line if run.url]
    assert [url.rpartition("/")[2] for url in links] == [t.hash for t in whales]


def test_a_burst_names_transactions_beside_what_has_none():
    block = Alert("bitcoin", "", "blocks", "ab" * 32, NOW, 840_000, None)
    event = Story("", "bitcoin", (block,), None, PENDING)
    whale = story(transaction(3 * BTC))
    lines = read(event, whale)
    assert lines[0] == "📦 2 alerts at once"
    assert lines[1].startswith("⛏ Bitcoin block 840,000")
    assert lines[2].startswith("⏳ 🐋 3 BTC")
    said = plain(format_end([event, whale], CHAINS, view()))
    assert ("3 BTC" in said, "840,000" in said) == (True, False)


def test_who_has_seen_it_is_said_anew_where_the_message_can_no_longer_show_it():
    seen = replace(view(), acknowledged=Acknowledged("Ada", NOW))
    assert "✅ Ada, " in plain(format_end([story(transaction(BTC))], CHAINS, seen))


def test_the_buttons_are_commands_that_work_after_a_restart():
    whale = transaction(BTC)
    message = format_alerts([story(whale)], CHAINS, view({"ada": ""}))
    assert button(message, "Mute").command == f"/mute about {whale.hash}"
    assert button(message, "receiver").command == "/watch bob"
    assert "sender" not in str(message.buttons), "ada is watched already"


def test_a_bad_end_is_said_of_those_that_came_to_one():
    lost, fine = transaction(BTC), transaction(2 * BTC)
    stories = [story(lost, state=State(orphaned=True)), story(fine, state=State(height=1))]
    text = plain(format_end(stories, CHAINS, view()))
    assert "1 BTC" in text
    assert "2 BTC" not in text


def test_what_is_shown_changes_with_a_state_and_not_with_each_block():
    whale = transaction(BTC)
    states = [PENDING, State(height=5, confirmations=1), State(height=5, confirmations=2)]
    pending, first, second = [shown([story(whale, state=state)]) for state in states]
    assert pending != first == second


ADDRESSES = st.one_of(
    st.none(), st.sampled_from(["ada", "bob", "bc1q" + "x" * 58, "<b>&", "\u202e"])
)
TRANSFERS = st.lists(st.builds(Transfer, ADDRESSES, st.integers(0, 21 * 10**14)), max_size=6)
LABELS = st.dictionaries(ADDRESSES.filter(bool), st.text(max_size=40))
STATES = st.sampled_from([
    PENDING, State(height=10**7, confirmations=1), State(replaced_by="f" * 64),
    State(orphaned=True), State(expired=True), State(last_known="replaced"),
])  # fmt: skip


@st.composite
def stories(draw):
    inputs, outputs = tuple(draw(TRANSFERS)), tuple(draw(TRANSFERS))
    made = Transaction(
        "bitcoin", hash_of(draw(st.integers())), draw(st.integers(0, 2**40)), inputs, outputs,
        draw(st.integers(0, 21 * 10**14)), draw(st.none() | st.integers(0, 10**12)),
        draw(st.integers(0, 2**32)), None, draw(st.sampled_from(["payment", "coinbase", "odd"])),
    )  # fmt: skip
    alerts = [alert(made, late=draw(st.booleans()))] if draw(st.booleans()) else []
    touched = draw(st.dictionaries(ADDRESSES.filter(bool), st.integers(-(10**15), 10**15)))
    alerts += [watched(made, address, gained) for address, gained in touched.items()]
    return story(made, *alerts, state=draw(STATES), kept=draw(st.booleans()))


@given(told=st.lists(stories(), min_size=1, max_size=40), labels=LABELS, data=st.data())
def test_whatever_there_is_to_tell_fits_into_what_telegram_takes(told, labels, data):
    keys = [(one.hash, a.subject) for one in told for a in one.alerts]
    values = data.draw(st.dictionaries(st.sampled_from(keys), st.integers(0, 10**20)))
    for form in (format_alerts, format_end):
        message = form(told, CHAINS, View(labels, "Europe/Berlin", "EUR", values))
        for part in render_html(message):
            text, entities = parse_html(part)
            assert 0 < utf16_length(text) <= 4096
            assert len(entities) <= ENTITIES
            assert plain_text(part)


def test_what_is_critical_is_said_in_words_and_what_stays_with_its_owner_is_not():
    spent = transaction(5 * BTC)
    out = replace(watched(spent, "ada", -5 * BTC - 100), severity=Severity.CRITICAL)
    back = watched(spent, "bob", 5 * BTC)
    told = format_alerts([story(spent, out)], CHAINS, view())
    assert told.severity is Severity.CRITICAL
    assert "🚨 Critical" in plain(told).splitlines()
    within = format_alerts([story(spent, out, back)], CHAINS, view())
    assert within.severity is Severity.NOTABLE
    assert "Critical" not in plain(within)
