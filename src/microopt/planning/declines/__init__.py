"""Creators who decline: substitutes for those who may, and plans chosen for what is left after answers."""
