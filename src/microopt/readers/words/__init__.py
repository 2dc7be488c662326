"""The words of headers, rows and quotes, in many languages, and the columns that they stand for."""
