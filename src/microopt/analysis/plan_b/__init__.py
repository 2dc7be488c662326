"""Plan B: whom to book where creators of a plan decline, and what that costs."""
