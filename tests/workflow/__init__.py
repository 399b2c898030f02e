"""The story of a case against a real dev server, with fakes for everything else."""
