"""python -m tests.conform.zoo: every right network at three seeds of default, on all cores."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor, as_completed

from spec_tests.clauses import CHECKS
from tests.conform.zoo import ZOO
from tests.conform.zoo.judged import alarms

SEEDS = (0, 1, 2)


def asked(name: str, seed: int) -> tuple[str, int, dict[str, str]]:
    return name, seed, alarms(ZOO[name], "default", seed)


def main() -> int:
    wrong = 0
    with ProcessPoolExecutor() as pool:
        tasks = [pool.submit(asked, name, seed) for seed in SEEDS for name in ZOO]
        for task in as_completed(tasks):
            name, seed, found = task.result()
            wrong += len(found)
            for id, message in found.items():
                print(f"{name}, seed {seed}: {id} {message}", flush=True)
    print(f"{len(ZOO)} networks, {len(SEEDS)} seeds, {len(CHECKS)} clauses: {wrong} alarms")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
