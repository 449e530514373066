"""Writes one stored act of each kind to acts_version_1/. Run once; what it wrote is kept for as long as records are.

    python -m tests.storage.write_version_1

Only kinds without a file get one. To change a file that is there is to change what somebody's record says; until the
first release that may be right, and then it takes deleting the file by hand.
"""

from pathlib import Path

from commonground.record.codec import encode
from tests.storage.examples import DISAGREEMENT, one_of_each_kind

FOLDER = Path(__file__).parent / "acts_version_1"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for kind, act in one_of_each_kind().items():
        path = FOLDER / f"{kind.replace(' ', '-')}.json"
        if not path.exists():
            path.write_bytes(encode(act, DISAGREEMENT, 1))
