"""Output of commands about one host: its units, disks, memory, processes, kernel and runtimes."""
