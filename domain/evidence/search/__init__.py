"""Reading a document again after its scan: find words, read lines, list kinds, count, compare; bounded, cited; standard library only."""
