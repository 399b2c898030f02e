"""What a statement says, clause by clause, derived again from the lines it cites."""
