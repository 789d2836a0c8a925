"""Records anew what the reference makes of the cases of the native kustomize engine.

`python scripts/record_kustomize_cases.py KUSTOMIZE` runs `KUSTOMIZE build DIR` (5.5.0) on the tree
of every case and writes the output into the case file. What the reference refuses keeps the rule
and place that the case names; a case that changes between the two is reported and left alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.unit.render.kustomize.kustomize_cases import FOLDER, Case, read_cases, written


def record(case: Case, program: str) -> Case:
    """The case with the reference's output. Raises ValueError when its verdict is another one."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in case.files.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        command = [program, "build", str(Path(folder) / case.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if bool(done.returncode) != bool(case.error):
        raise ValueError(f"{case.name}: exit {done.returncode}\n{done.stderr}")
    return case if case.error else replace(case, output=done.stdout)


def main() -> int:
    """Record every case file; 1 when a verdict has changed."""
    changed = 0
    for path in sorted(FOLDER.glob("*.txt")):
        texts = []
        for case in read_cases(path):
            try:
                texts.append(written(record(case, sys.argv[1])))
            except ValueError as error:
                print(error)
                texts.append(written(case))
                changed += 1
        path.write_text("".join(texts), encoding="utf-8")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
