"""All schedules of a campaign with very many of them, by what their posts bring."""
