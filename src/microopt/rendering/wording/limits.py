"""How a search that was stopped early is described."""

LIMITS = {
    "time": "stopped at the time limit",
    "interrupt": "interrupted",
    "gap": "stopped at the gap you allowed",
    "nodes": "stopped at the node limit",
}
