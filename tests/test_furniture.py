"""The line model: its file, its features and its card belong together, and it runs on numpy alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bycatch import furniture
from bycatch.article import Article
from bycatch.errors import UserError
from bycatch.grams import BUCKETS, grams, lines_of
from bycatch.line_features import FEATURES, digest, measure

from .conftest import ROOT

PROSE = (
    "The council met on Tuesday evening and decided, after long debate, to keep the old bridge over the river open "
    "to carts and walkers until the new one is built, said the mayor."
)


def judged(*lines: str, hits: Mapping[int, int] = {}) -> furniture.Judgement:
    paragraphs = Article("a", "\n\n".join(lines)).paragraphs
    return furniture.model().judge([paragraphs], [[hits.get(at, 0) for at in range(len(paragraphs))]])[0]


def altered(path: Path, **changes: Any) -> Path:
    with np.load(furniture.MODEL) as file:
        parts = {name: file[name] for name in file.files}
    np.savez(path, **(parts | changes))
    return path


def test_the_file_was_made_for_these_features() -> None:
    model = furniture.load()
    assert model.forest.feature.max() < len(FEATURES)
    assert len(model.words.weights) == 1 << BUCKETS
    rows = measure([Article("a", PROSE).paragraphs], [[0]], model.words)
    assert rows.shape == (1, len(FEATURES))


def test_the_file_is_small() -> None:
    assert furniture.MODEL.stat().st_size <= 2_000_000


def test_the_card_speaks_of_this_file() -> None:
    card = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    limits = furniture.load().limits
    for said in (digest(), f"{len(FEATURES)} features", f"{limits.offered:g}", f"{limits.safe:g}"):
        assert said in card, f"docs/model.md does not say {said}"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": np.array(99)}, "another version"),
        ({"digest": np.array("0" * 16)}, "other features"),
    ],
)
def test_a_model_of_another_version_is_refused(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        furniture.load(altered(tmp_path / "model.npz", **changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"no model", furniture.MODEL.read_bytes()[:5000]])
def test_a_damaged_model_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(data)
    with pytest.raises(UserError, match="no line model"):
        furniture.load(path)


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    furniture.save(furniture.load(), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == furniture.MODEL.read_bytes()


def test_it_runs_without_what_it_was_trained_with() -> None:
    code = (
        "import sys\n"
        "for name in ('lightgbm', 'sklearn', 'scipy'): sys.modules[name] = None\n"
        "from bycatch import furniture, Article, inspect, load_catalog\n"
        "furniture.load()\n"
        "inspect(Article('a', 'The mill turns again.\\n\\nWeather\\n\\nJobs'), load_catalog())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "lines",
    [
        ["x"],
        ["."],
        ["…", "\ud800", "\N{GRINNING FACE}", "a\u0301", "\U00020000"],
        ["的" * 5000],
        [PROSE * 500],
        ["—", PROSE],
    ],
)
def test_odd_lines_are_judged(lines: list[str]) -> None:
    certainty = judged(*lines).certainty
    assert len(certainty) == len(lines)
    assert np.isfinite(certainty).all()


def test_an_article_is_judged_the_same_alone_and_in_a_batch() -> None:
    model = furniture.model()
    texts = [
        f"{PROSE}\n\nWeather\n\nJobs", "Weather", f"{PROSE}\n\n{PROSE} Twice.\n\nReply\n\n3 hours ago\n\nReply",
        "\n\n".join([PROSE, "Weather", "Jobs"] * 1200), "Jobs\n\n" + PROSE, "的" * 300 + "。\n\n阅读更多",
    ]  # fmt: skip
    articles = [Article("a", text).paragraphs for text in texts]
    hits = [[number % 3 for number in range(len(paragraphs))] for paragraphs in articles]
    together = model.judge(articles, hits)
    for paragraphs, numbers, judgement in zip(articles, hits, together, strict=True):
        [alone] = model.judge([paragraphs], [numbers])
        assert np.array_equal(alone.rows, judgement.rows)
        assert np.array_equal(alone.certainty, judgement.certainty)


def test_lines_given_up_early_are_far_from_flagged() -> None:
    model = furniture.model()
    rows = measure([Article("a", "\n\n".join([PROSE] * 20)).paragraphs], [[0] * 20], model.words)
    asked = furniture.asked(rows, model.limits)
    count, least = model.forest.stops[0]
    assert (model.forest.said(rows, 0, count) - asked < least).mean() > 0.5, "prose is given up"
    assert (model.forest(rows, asked) - asked < model.limits.offered).all()


def test_a_hundred_thousand_lines_take_ten_times_as_long_as_ten_thousand() -> None:
    def seconds(count: int) -> float:
        paragraphs = Article("a", "\n\n".join(f"Line {n} of a long table" for n in range(count))).paragraphs
        hits = [0] * count
        began = time.process_time()
        furniture.model().judge([paragraphs], [hits])
        return time.process_time() - began

    seconds(1_000)
    # A quadratic step would take a hundred times as long.
    assert seconds(100_000) < 40 * seconds(10_000)


def test_a_finding_before_and_after_is_said() -> None:
    lines = [PROSE] * 12 + ["Reply", "3 hours ago", "Reply", "Sign in", "Weather", "Jobs"]
    found = judged(*lines, hits={12: 3, 14: 3})
    said = dict(zip(found.flagged, found.reasons(), strict=True))
    assert 12 not in said, "a line another check has found needs no second finding"
    assert 14 not in said
    assert any("stands" in reason for reason in said.values())


def test_the_shares_of_the_features_add_up() -> None:
    model = furniture.model()
    rows = measure([Article("a", f"{PROSE}\n\nWeather\n\nJobs").paragraphs], [[0, 0, 0]], model.words)
    start = model.forest.value[model.forest.roots].sum()
    said = model.forest.said(rows, 0, len(model.forest.roots))
    assert model.forest.shares(rows).sum(axis=1) + start == pytest.approx(said, abs=1e-3)


def test_equal_texts_hash_equally_wherever_they_stand() -> None:
    bucket, line = grams(lines_of(["weather", "the council met", "weather"]))
    assert np.array_equal(np.sort(bucket[line == 0]), np.sort(bucket[line == 2]))
