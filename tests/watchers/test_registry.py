"""Every registered chain and source keeps the contract, whichever it is."""

import inspect
from typing import Literal

import pytest

from watchers.feed import Answer, Feed, FeedError, Frame, Get, Say
from watchers.model import AddressError, Chain, Checkpoint
from watchers.registry import CHAINS, SOURCES, FeedOptions, Source

FEEDS = [
    pytest.param(key, source, stream, id=f"{'-'.join(key)}-{stream}")
    for key, source in SOURCES.items()
    for stream in ("all", "addresses")
]


def build(source: Source, stream: Literal["all", "addresses"]) -> Feed:
    return source.feed(FeedOptions(stream=stream, history_seconds=0))


@pytest.mark.parametrize(("key", "source"), SOURCES.items())
def test_a_source_reads_a_known_chain_over_public_addresses(key, source):
    assert key[0] in CHAINS
    assert source.ws_url.startswith("wss://")
    assert source.http_url.startswith("https://")
    feed = source.feed(FeedOptions())
    assert (feed.chain, feed.source) == key


@pytest.mark.parametrize(("key", "source", "stream"), FEEDS)
def test_a_feed_says_nothing_before_it_is_connected_and_nothing_twice(key, source, stream):
    feed = build(source, stream)
    assert list(feed.to_send()) == []
    feed.connected(Checkpoint(key[0]), 1_800_000_000.0)
    first = feed.to_send()
    assert {type(ask) for ask in first} <= {Say, Get}
    assert first
    assert list(feed.to_send()) == []


@pytest.mark.parametrize(("key", "source", "stream"), FEEDS)
def test_a_new_session_asks_again_under_new_numbers(key, source, stream):
    feed = build(source, stream)
    asked: list[int] = []
    for session in range(3):
        feed.connected(Checkpoint(key[0]), 1_800_000_000.0 + session)
        asked += [ask.ask for ask in feed.to_send() if isinstance(ask, Get)]
    assert len(asked) == len(set(asked)) > 0


@pytest.mark.parametrize(("key", "source", "stream"), FEEDS)
def test_a_feed_refuses_what_it_cannot_read_and_drops_what_it_never_asked_for(key, source, stream):
    feed = build(source, stream)
    feed.connected(Checkpoint(key[0]), 1_800_000_000.0)
    with pytest.raises(FeedError):
        feed.received(Frame(b"\xff"), 1_800_000_001.0)
    assert list(feed.received(Answer(10**9, 200, b"{}"), 1_800_000_001.0)) == []
    assert feed.status().height is None


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_chain_answers_what_the_program_asks_of_it(chain: Chain):
    assert chain.name == chain.name.lower()
    assert chain.asset.decimals > 0
    assert chain.block_seconds > 0
    assert chain.final_after > 0
    assert chain.subsidy(0) > 0
    with pytest.raises(AddressError):
        chain.parse_address("no address at all")
    assert not chain.looks_like_address("/help")
    assert not chain.looks_like_transaction("/help")
    for template in (chain.transaction_url, chain.address_url, chain.block_url):
        assert template.startswith("https://")
        assert template.format("x") != template


def test_a_feed_never_waits():
    for source in SOURCES.values():
        for _, method in inspect.getmembers(source.feed(FeedOptions()), inspect.ismethod):
            assert not inspect.iscoroutinefunction(method)


@pytest.mark.parametrize("source", SOURCES.values())
def test_a_look_up_has_a_path_and_refuses_what_is_no_answer(source):
    ask = source.look_ups
    assert "1Someone" in ask.address_path("1Someone")
    assert "ab12" in ask.transaction_path("ab12")
    for parse in (ask.parse_address, ask.parse_transaction):
        for body in (b"", b"{}", b"[]", b"\xff", b"null"):
            with pytest.raises(FeedError):
                parse(body, "1Someone")
