"""Questions about a plan or a roster, one package each."""
