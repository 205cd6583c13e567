"""A run in parts can be killed at any moment and started again; nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result as Outcome

from bycatch.parts import Parts, PartsError

CHILD = """
import sys
import bycatch.commands.in_parts as in_parts
in_parts.SIZE = 20
from bycatch.cli import main
main(["check", "--select", "ad-marker,thin-article", "--jobs", "1", "--output", sys.argv[1], "a.jsonl"])
"""


def corpus(folder: Path, count: int) -> None:
    rows = []
    for n in range(count):
        text = f"The ferry left {n} times.\n\n" + ("Advertisement" if n % 3 else "It was on time. " * 9)
        rows.append("{broken" if n % 41 == 7 else json.dumps({"id": str(n), "lang": "en", "text": text}))
    (folder / "a.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def started(folder: Path, output: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", CHILD, output]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_killed_twenty_times_the_result_is_that_of_an_undisturbed_run(tmp_path: Path) -> None:
    corpus(tmp_path, 3000)
    whole = started(tmp_path, "whole")
    assert whole.wait() == 2
    chance = random.Random(20)
    killed = 0
    for _ in range(200):
        process = started(tmp_path, "disturbed")
        seen = len(list((tmp_path / "disturbed").glob("articles-*"))) if (tmp_path / "disturbed").is_dir() else 0
        if killed < 20:
            # From before the first write on until a few parts are done.
            until = time.monotonic() + 20
            more = chance.randrange(4)
            while process.poll() is None and time.monotonic() < until:
                if len(list((tmp_path / "disturbed").glob("articles-*"))) >= seen + more:
                    break
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.004))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        else:
            assert process.wait() == 2
            break
    assert killed == 20
    assert files(tmp_path / "disturbed") == files(tmp_path / "whole")
    ids = [json.loads(line).get("id") for name, data in files(tmp_path / "whole").items()
           if name.startswith("articles") for line in data.splitlines()]  # fmt: skip
    assert sorted(int(i) for i in ids if i is not None) == [n for n in range(3000) if n % 41 != 7]
    assert ids.count(None) == len([n for n in range(3000) if n % 41 == 7])


def test_the_number_of_processes_changes_nothing(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus(tmp_path, 300)
    for jobs in (1, 2):
        outcome = bycatch("check", "--select", "ad-marker", "--jobs", jobs, "--output", f"out{jobs}", "a.jsonl")
        assert outcome.exit_code == 2
        assert "failure" in outcome.stderr
        assert outcome.stdout == ""
    assert files(tmp_path / "out1") == files(tmp_path / "out2")


def test_a_finished_run_is_told_again(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus(tmp_path, 5)
    outcomes = [bycatch("check", "--select", "ad-marker", "--output", "out", "a.jsonl") for _ in range(2)]
    assert outcomes[0].exit_code == outcomes[1].exit_code == 1
    assert outcomes[0].stderr == outcomes[1].stderr
    assert json.loads((tmp_path / "out" / "done.json").read_bytes())["error"] == 3


def test_another_run_is_refused_and_nothing_changed(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus(tmp_path, 5)
    bycatch("check", "--select", "ad-marker", "--output", "out", "a.jsonl")
    before = files(tmp_path / "out")
    other = bycatch("check", "--select", "thin-article", "--output", "out", "a.jsonl")
    assert other.exit_code == 2
    assert "another run: selection was" in other.stderr
    corpus(tmp_path, 6)
    assert "another run: input was" in bycatch("check", "--select", "ad-marker", "--output", "out", "a.jsonl").stderr
    run = json.loads(before["run.json"]) | {"bycatch": "0.0.1"}
    (tmp_path / "out" / "run.json").write_text(json.dumps(run), encoding="utf-8")
    corpus(tmp_path, 5)
    assert "bycatch was" in bycatch("check", "--select", "ad-marker", "--output", "out", "a.jsonl").stderr
    after = files(tmp_path / "out")
    assert {k: v for k, v in after.items() if k != "run.json"} == {k: v for k, v in before.items() if k != "run.json"}


def test_a_folder_of_other_things_is_refused(bycatch: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus(tmp_path, 5)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("Dear", encoding="utf-8")
    outcome = bycatch("check", "--output", "out", "a.jsonl")
    assert outcome.exit_code == 2
    assert "letters.txt" in outcome.stderr
    assert list(files(tmp_path / "out")) == ["letters.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_says_so_and_keeps_what_is_there(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out", {"run": 1})
    parts.add([{"finding": 1}], [{"article": 1}])
    before = files(tmp_path / "out")
    (tmp_path / "out" / "findings-00001.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(PartsError, match="cannot be written"):
        parts.add([{"finding": 2}] * 5000, [{"article": 2}])
    assert files(tmp_path / "out") == before
    assert Parts(tmp_path / "out", {"run": 1}).finished == 1
