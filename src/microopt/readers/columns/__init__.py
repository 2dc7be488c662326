"""Turn text cells into typed columns."""
