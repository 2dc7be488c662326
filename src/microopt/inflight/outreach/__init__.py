"""Whom to ask today, whom next, and until when."""
