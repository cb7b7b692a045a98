"""What is more than a chat's budget, in one message that grows."""

from bot.wording.alert_view import View
from bot.wording.overflow_message import Overflow, format_overflow
from storage.model import Text

VIEW = View({}, "UTC", "USD", {}, message=7)


def news_of(count):
    return format_overflow(Overflow((), (), count, 0, 20), {}, VIEW).news


def test_growth_is_news_at_1_2_5_10_20_and_so_on_with_how_to_see_all():
    loud = [count for count in range(1, 120) if news_of(count)]
    assert loud == [1, 2, 5, 10, 20, 50, 100]
    assert news_of(10) == (Text("/alerts all 7", "code"),)
