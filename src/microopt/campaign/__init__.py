"""What a campaign asks for: goal, budget, rules, and what is known while it runs."""
