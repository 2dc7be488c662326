"""Parse and format money, counts, rates and shares; structs as JSON."""
