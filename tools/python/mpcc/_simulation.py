# SPDX-License-Identifier: Apache-2.0
"""The engine in one process: three parties as threads that talk through memory."""

import logging
import os
import pathlib
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence

import numpy as np

from . import _runtime, errors
from ._answers import Answer, Asker, arrays_of
from ._plans import Plans, load
from ._text import Tokenizer, tokenizer_of
from ._waiting import Progress, interruptible, log

_LOG = logging.getLogger("mpcc")


class _Engine:
    """The parties and the threads of two of them."""

    def __init__(self, plans: Plans):
        self.stop = _runtime.Stop()
        self.progress = Progress()
        self._state = tempfile.TemporaryDirectory(prefix="mpcc-simulation-")
        owners = (_runtime.ModelOwner, _runtime.DataOwner, _runtime.Assistant)
        self._parties = [owner.create(self._config(plans.plan(i), i))
                         for i, owner in enumerate(owners)]
        self._session: _runtime.InferenceSession | None = None
        self._threads: list[threading.Thread] = []

    def _config(self, plan: _runtime.Plan, party: int) -> _runtime.PartyConfig:
        config = _runtime.PartyConfig(plan, str(pathlib.Path(self._state.name) / f"state{party}"))
        config.attend(self.stop, log, self.progress.tell if party == 1 else None)
        return config

    def _serve(self, party: int, *links: _runtime.Link) -> None:
        try:
            self._parties[party].serve_memory(*links)
        except errors.Error as error:  # P1's error has these words, too
            _LOG.debug("P%d: %s", party, error)

    def _start(self) -> _runtime.InferenceSession:
        p1_at_p0, p0_at_p1 = _runtime.memory_links("P1", "P0")
        p2_at_p0, p0_at_p2 = _runtime.memory_links("P2", "P0")
        p2_at_p1, p1_at_p2 = _runtime.memory_links("P2", "P1")
        for party, links in ((0, (p1_at_p0, p2_at_p0)), (2, (p0_at_p2, p1_at_p2))):
            thread = threading.Thread(target=self._serve, args=(party, *links), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self._parties[1].serve(p0_at_p1, p2_at_p1)

    def infer(self, inputs: dict[str, np.ndarray]) -> Answer:
        if self._session is None:
            self._session = self._start()
        return Answer(*self._session.infer(inputs))

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                if not self.stop.requested:
                    session.end()
            except errors.Error as error:
                _LOG.debug("P1: %s", error)
            session.close()
        self.stop.request()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._parties.clear()
        self._state.cleanup()


class Simulation(Asker):
    """Answers as private inferences would, with everybody's secrets in one process.

    Call it with arrays; `encode` and `classify` take texts. For tests and for trying out. It ends
    with `close`, a `with` block, or when nothing names it any more.
    """

    def __init__(self, plans: Plans, tokenizer: Tokenizer | None = None):
        self.tokenizer = tokenizer or plans.tokenizer
        self._plan = plans.plan(1)
        self._engine = _Engine(plans)
        self._close = weakref.finalize(self, self._engine.close)

    @property
    def longest(self) -> int:
        return self._plan.programs[-1].sequence_length

    def infer(self, inputs: Mapping[str, Sequence[int] | np.ndarray]) -> Answer:
        if self._engine.stop.requested:
            raise errors.FailedPrecondition("this simulation is closed")
        arrays = arrays_of(inputs)
        try:
            return interruptible(self._engine.stop, self._engine.infer, arrays,
                                 progress=self._engine.progress)
        except errors.InvalidArgument:
            raise
        except BaseException:
            self.close()
            raise

    def __call__(self, **inputs: Sequence | np.ndarray) -> dict[str, np.ndarray]:
        """Private inferences of a batch, one for each row.

        Inputs are arrays of shape [batch, tokens], or [tokens] for one. Gives by name arrays of
        float32 of the shape that the plan says, a first axis of one replaced by the batch; for one
        input the plan's shape. Raises InvalidArgument, as `infer`.
        """
        arrays = arrays_of(inputs)
        if all(array.ndim == 1 for array in arrays.values()):
            return self.infer(arrays).outputs
        batches = {name: array.shape[0] for name, array in arrays.items()}
        if len(set(batches.values())) != 1:
            raise errors.InvalidArgument(f"inputs have different numbers of rows: {batches}")
        rows = [self.infer({name: array[i] for name, array in arrays.items()}).outputs
                for i in range(next(iter(batches.values())))]
        return {name: np.concatenate([row[name] for row in rows])
                for name in (rows[0] if rows else {})}

    def close(self) -> None:
        """Ends the threads and forgets the state. May be called again."""
        self._close()

    def __enter__(self) -> "Simulation":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def simulate(plans: Plans | str | os.PathLike, *,
             tokenizer: Tokenizer | str | os.PathLike | None = None) -> Simulation:
    """The engine on memory channels, set up when it is first asked."""
    opened = plans if isinstance(plans, Plans) else load(plans)
    return Simulation(opened, tokenizer_of(tokenizer))
