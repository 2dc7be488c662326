"""Whom a creator reaches: shares of countries, ages and genders."""
