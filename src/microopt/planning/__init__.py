"""From a roster and a campaign to an audited plan, or to a diagnosis that says why there is none."""
