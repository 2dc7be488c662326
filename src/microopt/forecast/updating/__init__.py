"""Update expected results with the results so far: first by platform, then for each creator."""
