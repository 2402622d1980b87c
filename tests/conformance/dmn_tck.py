"""The DMN Technology Compatibility Kit beside the project, and the table of what passes.

`python -m tests.conformance.dmn_tck` writes the table into `docs/conformance.md` anew.
"""

from itertools import groupby
from pathlib import Path

from bpmn.dmn import tck

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT.parent / "shared" / "conformance" / "dmn-tck"
DOCUMENT = ROOT / "docs" / "conformance.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"


def verdicts():
    return list(tck.run(KIT))


def table(found):
    """One line a folder; the level is the folder above."""
    levels = {path.name: path.parent.name[-1] for path in KIT.glob("*/*") if path.is_dir()}
    lines = ["| level | folder | passed | of |", "| --- | --- | ---: | ---: |"]
    for folder, cases in groupby(found, lambda verdict: verdict.folder):
        passed = [verdict.passed for verdict in cases]
        lines.append(f"| {levels[folder]} | {folder} | {sum(passed)} | {len(passed)} |")
    total = sum(verdict.passed for verdict in found)
    lines.append(f"| | **all** | **{total}** | **{len(found)}** |")
    return "\n".join(lines) + "\n"


def written():
    return DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]


def main():
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(before + BEGIN + table(verdicts()) + END + after)


if __name__ == "__main__":
    main()
