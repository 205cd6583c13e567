"""Many processes give what one gives; one that dies costs its article, and nothing waits for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result as Outcome

from bycatch import Article, Failure, load_catalog, runner, workers
from bycatch.runner import Result, run
from bycatch.workers import Lost, Pool, WorkerError, cores

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals differ")


@pytest.fixture(params=["as here", "spawned"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are forked where that is safe, and spawned elsewhere."""
    if request.param == "spawned":
        monkeypatch.setattr(workers, "FORKED", False)
        monkeypatch.setattr(runner, "FORKED", False)


def squares(_: str) -> Callable[[list[int]], list[int]]:
    return lambda numbers: [number * number for number in numbers]


def deadly(folder: str) -> Callable[[list[int]], list[int]]:
    """7 always kills its process, 11 the first time."""

    def answers(numbers: list[int]) -> list[int]:
        mark = Path(folder) / "eleven"
        if 7 in numbers or (11 in numbers and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return numbers

    return answers


def broken(_: str) -> Callable[[list[int]], list[int]]:
    raise ValueError("no catalog here")


@pytest.mark.parametrize("jobs", [1, 3])
def test_answers_come_in_order(jobs: int) -> None:
    chunks = [list(range(at, at + 1 + at % 3)) for at in range(40)]
    with Pool[int, int](jobs, squares, "") as pool:
        assert list(pool.answers(iter(chunks))) == [[n * n for n in chunk] for chunk in chunks]


def test_a_death_costs_its_own_item_alone(tmp_path: Path) -> None:
    chunks = [list(range(at, at + 5)) for at in range(0, 20, 5)]
    with Pool[int, int](2, deadly, str(tmp_path)) as pool:
        answers = [answer for chunk in pool.answers(iter(chunks)) for answer in chunk]
    assert answers == [Lost("killed by SIGKILL") if n == 7 else n for n in range(20)]


def test_a_worker_that_cannot_begin_says_why() -> None:
    with pytest.raises(WorkerError, match="no catalog here"), Pool[int, int](2, broken, "") as pool:
        list(pool.answers(iter([[1]])))


def test_no_more_is_taken_than_is_under_way() -> None:
    taken = 0

    def chunks() -> object:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield [number]

    with Pool[int, int](2, squares, "") as pool:
        answers = pool.answers(chunks())  # type: ignore[arg-type]
        for _ in range(5):
            next(answers)
    assert taken < 50


def articles(count: int) -> list[Article | Failure]:
    made: list[Article | Failure] = []
    for n in range(count):
        if n % 50 == 17:
            made.append(Failure("there", f"broken {n}"))
        lang = None if n % 3 else "en"
        made.append(Article(f"a{n}", f"The ferry left {n} times.\n\n{'Advertisement' if n % 4 else 'On time.'}", lang))
    return made


def everything(jobs: int) -> tuple[list[Result], list[Failure]]:
    failures: list[Failure] = []
    catalog = load_catalog().only(["ad-marker", "thin-article", "mojibake"])
    return list(run(articles(300), catalog, on_failure=failures.append, jobs=jobs)), failures


def test_results_do_not_depend_on_the_number_of_workers() -> None:
    one = everything(1)
    assert len(one[0]) == 300
    assert len(one[1]) == 6
    assert everything(2) == one
    assert everything(3) == one


def test_jobs_on_the_command_line(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    for n in range(100):
        (tmp_path / f"{n:03}.txt").write_text(f"The ferry left {n} times.\n\nAdvertisement\n", encoding="utf-8")
    runs = [bycatch("check", "--format", "jsonl", "--jobs", jobs, ".") for jobs in (1, 2)]
    assert runs[0].exit_code == runs[1].exit_code == 1
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("\n") >= 100


def test_no_jobs_are_refused(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.", encoding="utf-8")
    outcome = bycatch("check", "--jobs", "0", "a.txt")
    assert outcome.exit_code == 2
    assert "--jobs" in outcome.stderr
    assert cores() >= 1


def test_ctrl_c_ends_with_what_is_finished(tmp_path: Path) -> None:
    line = '{"id": "%d", "lang": "en", "text": "The ferry left.\\n\\nAdvertisement"}\n'
    (tmp_path / "a.jsonl").write_text("".join(line % n for n in range(200_000)), encoding="utf-8")
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bycatch", "check", "--jobs", "2", "--format", "jsonl", "a.jsonl"],
            cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 30
        while not (tmp_path / "out").stat().st_size and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130
    assert said.startswith("interrupted: ")
    assert "Traceback" not in said
    written = (tmp_path / "out").read_bytes()
    assert written.endswith(b"}\n")
