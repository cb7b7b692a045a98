"""The main chain by itself."""

from watchers.blockchain_com.main_chain import MainChain
from watchers.model import Checkpoint, Header

NOW = 1_700_000_000
HEAD = Header(10, "aa" * 32, "00" * 32, NOW)


def begun():
    main = MainChain(0)
    main.begin(Checkpoint("bitcoin", (HEAD,), HEAD, NOW, None), NOW, was_cut=False)
    return main


def test_a_block_that_is_announced_before_the_first_answer_about_the_tip_is_wanted():
    main = begun()
    main.announced(11, "bb" * 32)
    main.polled(10, HEAD.hash)
    assert [want.subject for want in main.wants(8)] == [11]


def test_a_tip_below_the_announced_one_counts_when_it_is_named_twice():
    main = begun()
    main.announced(11, "bb" * 32)
    for _ in range(2):
        main.polled(10, HEAD.hash)
    assert main.wants(8) == []
