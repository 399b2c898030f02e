"""Documents and free text: what people wrote about a system, as reports and never as facts. May import the rest of evidence."""
