"""What more budget buys."""
