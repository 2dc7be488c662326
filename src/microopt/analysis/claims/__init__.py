"""Common claims about micro and mega creators, tested on a roster."""
