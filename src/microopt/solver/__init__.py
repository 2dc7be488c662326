"""Roster + Forecast + Campaign -> Program -> Answer; nothing above this room knows a solver."""
