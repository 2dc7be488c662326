"""Texts, numbers and dates in the language of whoever reads a page or a workbook."""
