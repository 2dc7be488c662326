"""How a search that was stopped early is described, and what to do about it."""

LIMITS = {
    "time": "stopped at the time limit",
    "interrupt": "interrupted",
    "gap": "stopped at the gap you allowed",
    "nodes": "stopped at the node limit",
}
MORE_TIME = "More time: --time-limit 300."
