"""No quadratic corner: four times the article takes at most little more than four times as long."""

from __future__ import annotations

import time

import pytest

from bycatch import Article, load_catalog
from bycatch.inspection import examine

# In step would be 4, quadratic 16; a busy machine is why the limit is not nearer to 4.
GREATEST = 9.0


@pytest.mark.parametrize("piece", ["[ad_1] ", "Ã© ", "«»“”", "a | ", "Advertisement\n", "&amp;", "l\x92eau "])
def test_time_grows_in_step_with_size(piece: str) -> None:
    catalog = load_catalog()

    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        taken = []
        for _ in range(2):
            begun = time.process_time()
            examine(Article("a", text, "fr"), catalog)
            taken.append(time.process_time() - begun)
        return min(taken)

    seconds(8_000)
    # Below a twentieth of a second the clock's noise is larger than the ratio.
    assert seconds(64_000) / max(seconds(16_000), 0.05) < GREATEST
