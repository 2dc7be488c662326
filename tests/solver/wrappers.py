"""Executables that replace CBC and return false results: what each does instead of solving, as shell commands."""

from microopt.solver.backends.find_cbc import cbc_path

REAL = cbc_path()
HEAD = """#!/bin/sh
for last; do :; done
tell() { printf '%s\\n' "$@" > "$last"; }
solve() { "$real" "$@"; }
"""
FAULTS = {
    "a row that is broken": """
        tell 'Optimal - objective value 1'
        grep -o 'x[0-9]\\{8\\}' "$1" | sort -u | while read -r name; do echo "0 $name 1 0" >> "$last"; done""",
    "a value that is too high": 'solve "$@"; sed "s/value .*/value 1e15/" "$last" > "$last.2"; mv "$last.2" "$last"',
    "a value that is too low": 'solve "$@"; sed "s/value .*/value -5e14/" "$last" > "$last.2"; mv "$last.2" "$last"',
    "a bound below the plan": 'tell "Stopped on time - objective value 0"; echo "Upper bound:   -5"',
    "a bound that is no number": 'tell "Stopped on time - objective value 0"; echo "Upper bound:   nan"',
    "a bound that is no text of a number": 'tell "Stopped on time - objective value 0"; echo "Upper bound:   soon"',
    "a column that is no number": 'tell "Optimal - objective value 9" "0 x00000000 nan 0"',
    "a column that is half": 'tell "Optimal - objective value 9" "0 x00000000 0.5 0"',
    "a column that there is not": 'tell "Optimal - objective value 9" "0 x99999999 1 0"',
    "a column of another name": 'tell "Optimal - objective value 9" "0 xylophone 1 0"',
    "an objective that is no number": 'tell "Optimal - objective value nan"',
    "no objective": 'tell "Optimal"',
    "words": 'tell "Optimal - objective value 9" "0 x00000000 garbage 0"',
    "another status": 'tell "Hello"',
    "bytes": "printf '\\377\\376\\000garbage' > \"$last\"",
    "a file cut off in a line": 'solve "$@"; head -c 50 "$last" > "$last.2"; mv "$last.2" "$last"',
    "a file cut off between lines": 'solve "$@"; head -n 1 "$last" > "$last.2"; mv "$last.2" "$last"',
    "no file": "exit 0",
    "zeros at the limit": 'tell "Stopped on time - objective value 0"',
    "a relaxation at the limit": 'tell "Stopped on time - objective value 9" "0 x00000000 0.5 0"',
    "zeros as the optimum": 'tell "Optimal - objective value 0"',
    "nothing is possible": 'tell "Infeasible - objective value 0"',
    "a crash": "echo out of memory; exit 3",
    "a kill of its own": "kill -9 $$",
    "a kill in the middle": 'solve "$@" & sleep 0.3; kill -9 $!; kill -9 $$',
    "a hang": "sleep 1000",
    "a hang that hears no signal": 'trap "" INT TERM; while :; do sleep 1; done',
}


def faulty_cbc(folder, fault):
    """Return the path of an executable with this fault."""
    path = folder / "faulty-cbc"
    body = FAULTS[fault]
    path.write_text(f"{HEAD.replace('solve()', f'real={REAL!r}; solve()')}{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
