"""Bitcoin's own facts: addresses, categories, what moved, subsidy."""
