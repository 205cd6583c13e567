import random

from ftfy.badness import is_bad

from bycatch import load_catalog


def test_ftfy_calls_no_line_bad_that_it_is_not_asked_about() -> None:
    find = load_catalog().checks["mojibake"].find
    assert find is not None
    telling, harmless = find.__globals__["_TELLING"], find.__globals__["_HARMLESS"]
    signs = [sign for sign in map(chr, range(0x2100)) if sign in "«»“”„" or not telling.search(sign)]
    assert {"é", "ř", "ж", "’", "“", "a", " "} <= set(signs)
    assert len(signs) > len(harmless)
    chance = random.Random(1)
    silent = 0
    for _ in range(60_000):
        line = "".join(chance.choices(signs, k=4) + chance.choices("«»“”„éœжв’a1 .", k=4))
        line = "".join(chance.sample(line, 8))
        if not telling.search(line):
            silent += 1
            assert not is_bad(line), line
    assert silent > 5_000
