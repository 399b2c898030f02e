"""What only the lines themselves tell: their numbers, names and ids, kind by kind, in a second look at them; standard library only."""
