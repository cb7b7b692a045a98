"""Two people are told of one whale, each in the units and the currency that they chose."""

from tests.end_to_end.scene import staged

WHALES = "/threshold whales 500 BTC"


async def test_everybody_is_told_in_their_units(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        ada, bob = scene.server.person("Ada"), scene.server.person("Bob")
        for person in (ada, bob):
            await scene.asks(person, WHALES)
        await scene.asks(ada, "/units sat EUR")
        whale = scene.chain.whale()
        await program.until_knows([whale])
        in_sat, in_coins = [(await scene.next(person)).text for person in (ada, bob)]
        assert "sat (€" in in_sat, in_sat
        assert "BTC ($" in in_coins, in_coins
