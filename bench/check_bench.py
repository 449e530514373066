"""How long it takes to check every shipped procedure: the whole process, as a person waits for it.

`python bench/check_bench.py` runs `commonground check` in fresh processes, one after the other, and prints the median
and the slowest. Repeat it on a machine that does nothing else: the check uses every processor there is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 5
LIMIT_SECONDS = 5.0
"""What the median of a whole `commonground check` may take."""


def measure(rounds: int = ROUNDS) -> list[float]:
    """This will give the seconds that each of several fresh processes took, sorted."""
    command = [str(Path(sys.executable).with_name("commonground")), "check"]
    seconds = []
    for _ in range(rounds):
        started = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own program
        seconds.append(perf_counter() - started)
    return sorted(seconds)


def main() -> int:
    """Print the figures; 1 where the median is over its limit."""
    seconds = measure()
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"commonground check, whole process: median {median(seconds):.1f} s, slowest {seconds[-1]:.1f} s")
    print(f"limit {LIMIT_SECONDS:.0f} s; {len(seconds)} runs; {cores} processors, load {load:.1f} before it ended")
    return 0 if median(seconds) <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
