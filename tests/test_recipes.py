"""The recipes of docs/ci.md, the hooks and the action: their commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DIRTY = (
    "The council met on Monday to discuss the new bridge over the river, and the mayor spoke first of all.\n\n"
    "[ad_1]\n\nThe vote is expected in the spring, when the engineers will have finished their survey.\n"
)
CLEAN = DIRTY.replace("[ad_1]\n\n", "")

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


def recipes() -> list[Any]:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A clone with a clean main and a branch that adds a dirty article."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_BASE_REF": "main",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }  # fmt: skip
    for name in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{name}_NAME": "a", f"GIT_{name}_EMAIL": "a@example.org"}

    def run(command: str, folder: Path = clone, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", command], cwd=folder, env={**environment, **more}, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    (origin / "corpus" / "articles").mkdir(parents=True)
    (origin / "corpus" / "articles" / "old.txt").write_text(CLEAN)
    made = run("git init -q -b main . && git add . && git commit -qm one && git clone -q . ../clone", origin)
    assert made.returncode == 0, made.stderr
    (clone / "corpus" / "articles" / "new.txt").write_text(DIRTY.replace("council", "parliament"))
    made = run("git checkout -q -b more && git add . && git commit -qm two")
    assert made.returncode == 0, made.stderr
    return run


def test_the_github_recipe_holds_the_change_back(shell: Shell, tmp_path: Path) -> None:
    (workflow,) = [r for r in recipes() if "jobs" in r and "security-events" in str(r)]
    steps = workflow["jobs"]["bycatch"]["steps"]
    ran = {step.get("name"): shell(step["run"]) for step in steps if "run" in step and "pip" not in step["run"]}
    assert {name: r.returncode for name, r in ran.items()} == {"SARIF": 0, "Gate": 1}, ran
    assert "::error file=corpus/articles/new.txt,line=3,col=1,title=ad-marker::" in ran["Gate"].stdout
    assert "corpus/articles/new.txt: Held back: 1 ad marker (none allowed)" in ran["Gate"].stderr
    assert "ad-marker" in (tmp_path / "clone" / "bycatch.sarif").read_text()
    assert "ad-marker" in (tmp_path / "summary.md").read_text()
    assert list((tmp_path / "clone" / "site").glob("*.html"))
    assert "old.txt" not in ran["Gate"].stdout


def test_the_gitlab_recipe_holds_the_change_back(shell: Shell, tmp_path: Path) -> None:
    (job,) = [r["bycatch"] for r in recipes() if "bycatch" in r]
    assert [shell(line).returncode for line in job["script"]] == [0, 0, 1]
    for kind in ("codequality", "junit"):
        assert "ad-marker" in (tmp_path / "clone" / job["artifacts"]["reports"][kind]).read_text()


def test_the_shell_recipes_run(shell: Shell, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    assert [shell(line).returncode for line in lines] == [1, 1, 1, 1, 0]
    assert shell(lines[-2]).returncode == 0
    assert "[ad_1]" not in (tmp_path / "clone" / "corpus" / "articles" / "new.txt").read_text()


def test_the_hooks_take_changed_files(shell: Shell) -> None:
    check, fix = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in (check, fix):
        assert re.search(hook["files"], "corpus/a.jsonl.gz")
        assert not re.search(hook["files"], "tool.py")
    (recipe,) = [r for r in recipes() if "repos" in r]
    assert recipe["repos"][0]["hooks"][0]["id"] == check["id"]
    ran = shell(f"{check['entry']} corpus/articles/new.txt", PYTHONVERBOSE="")
    assert ran.returncode == 1
    assert ran.stdout.startswith("corpus/articles/new.txt:3:1: error ad-marker: ")
    heavy = "import sys; sys.argv = ['bycatch', 'check', 'corpus/articles/old.txt']\nfrom bycatch.cli import main\n"
    heavy += "try:\n    main()\nfinally:\n    assert not {'great_expectations', 'pandas'} & set(sys.modules)\n"
    assert shell(f'python -c "{heavy}"').returncode == 0
    assert shell(f"{fix['entry']} corpus/articles/new.txt").returncode == 0
    assert shell(f"{check['entry']} corpus/articles/new.txt").returncode == 0


def test_the_action_runs(shell: Shell, tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / ".github" / "actions" / "check" / "action.yml").read_text())
    install, sarif, check = action["runs"]["steps"]
    # Inputs reach the shell by the environment alone: in the script itself they could be code.
    assert all("${{" not in step["run"] and step["shell"] == "bash" for step in (install, sarif, check))
    given = {"PATHS": "corpus/articles/old.txt corpus/articles/new.txt", "SARIF": "out.sarif", "FAIL_ON": "error"}
    assert set(given) >= {*sarif["env"], *check["env"]}
    assert shell(sarif["run"], **given).returncode == 0
    assert "ad-marker" in (tmp_path / "clone" / "out.sarif").read_text()
    ran = shell(check["run"], **given)
    assert ran.returncode == 1
    assert "::error file=corpus/articles/new.txt" in ran.stdout
    (recipe,) = [
        s for r in recipes() if "jobs" in r for s in r["jobs"]["bycatch"]["steps"] if "OWNER" in s.get("uses", "")
    ]
    assert set(recipe["with"]) <= set(action["inputs"])


def blocks(start: str) -> list[str]:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return re.findall(rf"^```yaml\n({start}.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("schema", "start"),
    [("github-workflows", "name: "), ("github-actions", "(?!)"), ("gitlab-ci", "bycatch:")],
)
def test_the_recipes_are_what_the_published_schemas_say(tmp_path: Path, schema: str, start: str) -> None:
    texts = blocks(start) or [(ROOT / ".github" / "actions" / "check" / "action.yml").read_text(encoding="utf-8")]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    for text, valid in [(text, True) for text in texts] + [("name: [1]\nruns: here\nbycatch: [2]\n", False)]:
        file = tmp_path / f"{schema}.yml"
        file.write_text(text, encoding="utf-8")
        run = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
        assert (run.returncode == 0) is valid, run.stdout


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    for number, block in enumerate(blocks("name: ")):
        file = tmp_path / f"{number}.yml"
        file.write_text(block)
        subprocess.run(["actionlint", str(file)], check=True)
