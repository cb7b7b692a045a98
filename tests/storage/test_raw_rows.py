"""Single rows: which are let go when, and which must stay."""

import pytest

from detectors.model import Alert
from storage.alerts import save_alerts, stories_of
from storage.blocks import complete_block, orphan_above, save_slice
from storage.buttons import RENEWED_SECONDS, command_of, save_buttons
from storage.chats import Defaults, save_chat
from storage.ledger import price_at, save_price
from storage.model import Button, Message, Priority
from storage.outbox import enqueue_alert
from storage.retention import BUTTONS_KEPT_SECONDS, SLICE, delete_old
from storage.rollups import MINUTE, QUARTER, rollups_between
from storage.states import state_of
from storage.transactions import save_transactions
from tests.make import NOW, asked, block, transaction
from watchers.model import Price

DAY = 86400
RAW = 14 * DAY
LATER = NOW + RAW + 1


def see(db, *transactions):
    with db.atomic():
        save_transactions(db, "bitcoin", transactions, unconfirmed=True)


def mine(db, what):
    with db.atomic():
        save_slice(db, what, what.transactions)
        complete_block(db, what)


def sweep(db, now=LATER, raw=RAW):
    slices = 0
    more = True
    while more:
        with db.atomic():
            more = delete_old(db, now, raw)
        slices += 1
    return slices


def tell(db, *transactions, shown="", delivered=True):
    """One message that tells of transactions, as it was last shown."""
    with db.atomic():
        chat = save_chat(db, "telegram", "1", "", "private", "", Defaults("en", "UTC", "USD"), NOW)
        for t in transactions:
            alert = Alert("bitcoin", t.hash, "whales", "BTC", NOW, t.moved, None)
            ((id_, _),) = save_alerts(db, [alert])
            enqueue_alert(db, asked(chat.id), "key", id_, Priority.BROADCAST, NOW)
        states = " ".join(f"{t.hash}:{state}" for t, state in zip(transactions, shown, strict=True))
        db.conn.execute("UPDATE messages SET shown = ?, reference = '1'", (states,))
        if delivered:
            db.conn.execute("UPDATE deliveries SET state = 'sent'")
    return 1


def kept(db):
    return {row["hash"] for row in db.query("SELECT hash FROM transactions")}


def test_what_is_young_enough_stays(db):
    old, young = transaction(time=NOW), transaction(time=NOW + 1)
    see(db, old, young)
    sweep(db)
    assert kept(db) == {young.hash}


def test_everything_of_an_old_transaction_goes_but_its_sums_stay(db):
    old = transaction(7, spends=["a:0"])
    mine(db, block(1, [old], time=NOW - DAY))
    sweep(db)
    for table in ("transactions", "transfers", "spends", "block_transactions"):
        assert db.table(table).count == 0, table
    assert db.table("blocks").count == 1
    for basis in ("seen", "chain"):
        assert [r.moved for r in rollups_between(db, "bitcoin", basis, QUARTER, 0, LATER)] == [7]
        assert rollups_between(db, "bitcoin", basis, MINUTE, 0, LATER) == []


def test_it_goes_in_slices(db):
    see(db, *(transaction() for _ in range(2 * SLICE + 1)))
    with db.atomic():
        assert delete_old(db, LATER, RAW)
    assert db.table("transactions").count == SLICE + 1
    sweep(db)
    assert kept(db) == set()


def test_what_was_mined_late_stays_so_that_a_reorg_can_take_it_back(db):
    waited = transaction(7, time=NOW)
    see(db, waited)
    mine(db, block(1, [waited], time=NOW + RAW))
    sweep(db)
    assert state_of(db, "bitcoin", waited.hash, LATER).name == "confirmed"
    with db.atomic():
        orphan_above(db, "bitcoin", 0)
    assert rollups_between(db, "bitcoin", "chain", QUARTER, 0, LATER) == []


def test_what_a_message_still_shows_as_unconfirmed_stays(db):
    told = transaction()
    see(db, told)
    tell(db, told, shown=["pending"])
    sweep(db, NOW + 2 * DAY, DAY)
    assert kept(db) == {told.hash}


def test_what_a_parked_chat_is_yet_to_be_told_stays(db):
    told = transaction()
    mine(db, block(1, [told], time=NOW))
    tell(db, told, shown=["pending"], delivered=False)
    db.conn.execute("UPDATE messages SET shown = ''")
    sweep(db)
    assert kept(db) == {told.hash}
    db.conn.execute("UPDATE deliveries SET state = 'sent'")
    sweep(db)
    assert kept(db) == set()


@pytest.mark.parametrize("state", ["confirmed", "replaced", "orphaned", "expired"])
def test_a_message_whose_rows_are_gone_says_what_it_said_last(db, state):
    """Else the news of one transaction of a burst would call all the others lost."""
    told = transaction()
    see(db, told)
    message = tell(db, told, shown=[state])
    sweep(db)
    (story,) = stories_of(db, message, LATER)
    assert story.transaction is None
    assert story.state.name == state


def test_what_is_told_in_one_message_with_something_open_stays_with_it(db):
    done, open_ = transaction(), transaction()
    mine(db, block(1, [done], time=NOW))
    see(db, open_)
    tell(db, done, open_, shown=["confirmed", "pending"])
    sweep(db)
    assert kept(db) == {done.hash, open_.hash}


def test_an_alert_outlives_its_transaction_and_stays_unique(db):
    told = transaction()
    see(db, told)
    tell(db, told, shown=["expired"])
    sweep(db)
    again = Alert("bitcoin", told.hash, "whales", "BTC", LATER, told.moved, None)
    assert save_alerts(db, [again]) == []


def test_prices_stay_as_long_as_a_message_may_show_them(db):
    save_price(db, Price("BTC", "EUR", 1, NOW, "test"))
    sweep(db, NOW + 15 * DAY, DAY)
    assert price_at(db, "BTC", "EUR", NOW, 60)
    sweep(db, NOW + 40 * DAY, DAY)
    assert price_at(db, "BTC", "EUR", NOW, 60) is None


def test_a_button_works_for_ninety_days_after_it_was_last_offered(db):
    message = Message((), (), ((Button("Status", "/status"),),))
    token = save_buttons(db, message, NOW).buttons[0][0].token
    save_buttons(db, message, NOW + 5)
    sweep(db, NOW + 5 + BUTTONS_KEPT_SECONDS)
    assert command_of(db, token) == "/status"
    sweep(db, NOW + 6 + BUTTONS_KEPT_SECONDS + RENEWED_SECONDS)
    assert command_of(db, token) is None
