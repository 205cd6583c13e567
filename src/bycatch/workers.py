"""Worker processes: chunks of articles out, results back in the order of the input, whatever the number of workers.

A worker that dies costs no more than the article it died of: its chunk is tried again article by article, and the one
that kills a worker for the second time becomes a failure. What is under way is bounded: a corpus of any
size streams.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
# Called in each worker once; what it returns is called for each chunk.
Prepare = Callable[..., Callable[[list[Any]], list[Any]]]

# Two: one under way and one at hand, so that no worker waits for its parent.
_AHEAD: Final = 2
# Chunks that may be finished before one that is not; then the slow one is waited for.
_WINDOW: Final = 8
# Seconds a worker has to end by itself.
_PATIENCE: Final = 2.0
# A forked worker has at once what its parent has loaded; one that is spawned takes half a second to load it again.
# macOS has system libraries that do not survive a fork, Windows has none.
FORKED: Final = sys.platform == "linux"


class WorkerError(RuntimeError):
    """A worker could not begin: what it was to load failed there."""


@dataclass(frozen=True)
class Lost:
    """In place of an answer: the item whose work ended a process twice, and how the second ended."""

    reason: str


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Task(Generic[Item]):
    number: int
    places: list[int]
    items: list[Item]
    tried: bool = False


@dataclass
class _Worker(Generic[Item]):
    process: Any
    pipe: Any
    tasks: deque[_Task[Item]] = field(default_factory=deque)


class Pool(Generic[Item, Answer]):
    """``jobs`` processes that answer chunks of items. Use it in a ``with`` block."""

    def __init__(self, jobs: int, prepare: Prepare, *arguments: Any) -> None:
        """``prepare(*arguments)`` is called in each process and gives the function that answers a chunk of items.

        Where processes are `FORKED` the arguments need not be such as can be sent.
        """
        import multiprocessing.connection  # an eighth of the time to start, which a run in one process need not pay

        self._context: Any = multiprocessing.get_context("fork" if FORKED else "spawn")
        self._ready = multiprocessing.connection.wait
        self._start = (prepare, arguments)
        self._jobs = jobs
        self._workers: list[_Worker[Item]] = []
        self._again: deque[_Task[Item]] = deque()
        self._answers: dict[int, list[Any]] = {}
        self._open: dict[int, int] = {}

    def __enter__(self) -> Pool[Item, Answer]:
        """Start the workers."""
        for _ in range(self._jobs):
            self._workers.append(self._new())
        return self

    def __exit__(self, *_: object) -> None:
        """End them, at once if they are busy."""
        for worker in self._workers:
            worker.pipe.close()
            if worker.tasks:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def answers(self, chunks: Iterator[Sequence[Item]]) -> Iterator[list[Answer | Lost]]:
        """The answers to each chunk, in the order of the chunks."""
        given = due = 0
        ended = False
        while True:
            for worker in sorted(self._workers, key=lambda one: len(one.tasks)):
                while len(worker.tasks) < _AHEAD:
                    task: _Task[Item] | None = None
                    if self._again:
                        task = self._again.popleft()
                    elif not ended and given - due < _WINDOW * self._jobs:
                        chunk = next(chunks, None)
                        if chunk is None:
                            ended = True
                        else:
                            task = _Task(given, list(range(len(chunk))), list(chunk))
                            self._answers[given], self._open[given] = [None] * len(chunk), len(chunk)
                            given += 1
                    if task is None:
                        break
                    self._give(worker, task)
            while due < given and not self._open[due]:
                del self._open[due]
                yield self._answers.pop(due)
                due += 1
            if ended and due == given:
                return
            self._wait()

    def _new(self) -> _Worker[Item]:
        ours, theirs = self._context.Pipe()
        # A forked worker must not hold open the pipes by whose end it and the others know that their parent has gone.
        inherited = [ours, *(worker.pipe for worker in self._workers)] if FORKED else []
        process = self._context.Process(target=_work, args=(theirs, inherited, *self._start), daemon=True)
        with warnings.catch_warnings():
            # Python 3.12 warns of other threads: those here are numpy's and wait, or draw progress, and a worker asks
            # nothing of either.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker[Item], task: _Task[Item]) -> None:
        worker.tasks.append(task)
        # A worker that has died is found by `_wait`, with its tasks.
        with contextlib.suppress(OSError):
            worker.pipe.send(task.items)

    def _wait(self) -> None:
        busy = [worker for worker in self._workers if worker.tasks]
        ready = self._ready([worker.pipe for worker in busy])
        for worker in busy:
            if worker.pipe not in ready:
                continue
            try:
                answers, problem = worker.pipe.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if problem is not None:
                raise WorkerError(problem)
            self._settle(worker.tasks.popleft(), answers)

    def _settle(self, task: _Task[Item], answers: list[Any]) -> None:
        for place, answer in zip(task.places, answers, strict=True):
            self._answers[task.number][place] = answer
        self._open[task.number] -= len(answers)

    def _replace(self, worker: _Worker[Item]) -> None:
        """A new worker for one that died; what it died of is tried once more, by itself."""
        worker.process.join()
        fatal, *others = worker.tasks
        if fatal.tried:
            self._settle(fatal, [Lost(_ending(worker.process.exitcode))])
        else:
            for place, item in reversed(list(zip(fatal.places, fatal.items, strict=True))):
                self._again.appendleft(_Task(fatal.number, [place], [item], tried=True))
        self._again.extend(others)
        worker.pipe.close()
        self._workers[self._workers.index(worker)] = self._new()


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"


def _work(pipe: Any, inherited: Sequence[Any], prepare: Prepare, arguments: tuple[Any, ...]) -> None:
    """A worker's life: prepare, then answer chunk after chunk until the pipe is closed."""
    for other in inherited:
        other.close()
    # The terminal sends Ctrl-C to all processes of a group; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting: queue.Queue[Any] = queue.Queue()
    # Receiving while working: the parent never waits for a worker to take what it sends.
    threading.Thread(target=_receive, args=(pipe, waiting), daemon=True).start()
    try:
        answer = prepare(*arguments)
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises
        with contextlib.suppress(OSError):
            pipe.send((None, f"{type(error).__name__}: {error}"))
        return
    while (items := waiting.get()) is not None:
        try:
            pipe.send((answer(items), None))
        except OSError:
            return


def _receive(pipe: Any, waiting: queue.Queue[Any]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            waiting.put(pipe.recv())
    waiting.put(None)
