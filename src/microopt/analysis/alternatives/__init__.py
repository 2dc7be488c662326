"""Other plans, nearly as good and different enough."""
