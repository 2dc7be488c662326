"""Parse and format money, counts, rates and shares."""
