"""Bitcoin as the rest of the program must know it."""

from watchers.bitcoin.address import looks_like_address, looks_like_transaction, parse_address
from watchers.model import Asset, Chain

FIRST_SUBSIDY = 50 * 10**8
HALVING_BLOCKS = 210_000


def subsidy(height: int) -> int:
    """The new satoshi that a block at `height` may create: halved every 210,000 blocks.

    Source: Bitcoin Core, `GetBlockSubsidy` in src/validation.cpp.
    """
    return FIRST_SUBSIDY >> min(height // HALVING_BLOCKS, 64)


def difficulty(bits: int) -> float | None:
    """How many times harder than the easiest target the compact target `bits` is.

    `bits` holds a byte of exponent and three of mantissa; the easiest is 0x1d00ffff.
    None for a target that no block can have. Source: Bitcoin Core, `GetDifficulty` in
    src/rpc/blockchain.cpp.
    """
    exponent, mantissa = bits >> 24, bits & 0xFFFFFF
    if not mantissa or mantissa & 0x800000 or not 0 < exponent <= 0x20:
        return None
    return float(0xFFFF / mantissa * 256.0 ** (0x1D - exponent))


BITCOIN = Chain(
    name="bitcoin",
    title="Bitcoin",
    asset=Asset(symbol="BTC", decimals=8, base_unit="satoshi", small="sat"),
    fee_rate_unit="sat/vB",
    block_seconds=600,
    final_after=6,
    parse_address=parse_address,
    looks_like_address=looks_like_address,
    looks_like_transaction=looks_like_transaction,
    subsidy=subsidy,
    transaction_url="https://mempool.space/tx/{}",
    address_url="https://mempool.space/address/{}",
    block_url="https://mempool.space/block/{}",
)
