"""Charts: what they show, as Vega-Lite specifications and as pictures."""
