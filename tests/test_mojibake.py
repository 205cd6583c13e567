import itertools
import random
import re

from ftfy.badness import is_bad

from bycatch import load_catalog


def test_ftfy_has_nothing_to_say_of_lines_that_it_is_not_asked_about() -> None:
    harmless = re.compile(f"[{load_catalog().checks['mojibake'].find.__globals__['_HARMLESS']}]")  # type: ignore[union-attr]
    signs = [sign for sign in map(chr, range(0x2100)) if harmless.match(sign)]
    assert {"é", "ř", "ж", "’"} <= set(signs)
    assert not is_bad("".join(map("".join, itertools.product(signs, repeat=2))))
    chance = random.Random(1)
    for around in " aZ.1":
        assert not is_bad("".join(chance.choices(signs, k=20_000) + chance.choices(f"éžжâ’ {around}", k=20_000)))
