"""The client page: one self-contained HTML file."""
