"""What a plan may bring: joint draws of the forecast's uncertainty for its picks, counted."""
