"""Output of commands about networks: sockets, links, routes, names, clients, certificates and packets."""
