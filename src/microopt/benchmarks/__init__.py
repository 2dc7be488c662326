"""Public benchmark figures and how a campaign overrides them."""
