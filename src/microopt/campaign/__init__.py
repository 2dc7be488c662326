"""The campaign: goal, budget, rules, and its progress once it runs."""
