"""Content words cut to a stem, so that a reply and a customer can be compared."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

_COMMON = frozenset(
    (  # noqa: SIM905
        "about after again also another anything back because been before being both cannot come could does doing"
        " done down each else even ever every from gone have having here into just know like made make many more"
        " most much must need never nobody nothing once only other over please really said same shall should since"
        " some someone something still such take than thank thanks that their them then there these they thing"
        " things this those though through today told tomorrow under until upon very want well went were what when"
        " where which while will with within without would your yours yourself you're you've you'll don't didn't"
        " can't won't it's that's i'm i've we're we've we'll sorry apologise apologies hello dear regards team help"
        " thing time times call number email message order customer service company refund money reply contact look"
        " hear understand matter issue problem feel left right sent send work worked working case details"
    ).split()
)
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()  # noqa: SIM905
    )
} | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}


def _stem(word: str) -> str:
    """A content word cut to five letters, a number as digits, a short word as nothing."""
    if word[:1] <= "9":
        # No letter begins it: digits, an amount, or (in no folded text) nothing.
        return word.strip("$")
    if len(word) < 4:
        return ""
    word = word.removesuffix("'s")
    return word[:5] if len(word) > 5 else word.removesuffix("s")


_STEMLESS = set(_COMMON)
"""Words met so far that have no stem: most of any text, so that they are put aside before the rest is looked up."""


class _Stems(dict[str, str]):
    """Words with their stems; it fills itself, up to a size that keeps hostile text from growing it."""

    def __missing__(self, token: str) -> str:
        found = _stem(token)
        if len(self) < 20_000 and len(token) < 30:
            self[token] = found
            if not found:
                _STEMLESS.add(token)
        return found


stem = _Stems(dict.fromkeys(_COMMON, "") | _NUMBERS).__getitem__
"""The stem of a word: of a number word its digits, of a common word nothing."""


def stems(vocabulary: AbstractSet[str]) -> set[str]:
    """The stems of the telling words among these.

    Args:
        vocabulary: different words of a folded text.
    """
    found = set(map(stem, vocabulary - _STEMLESS))
    found.discard("")
    return found
