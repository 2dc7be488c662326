"""One burst beside a plan over waves: the same money, and what makes the difference."""
