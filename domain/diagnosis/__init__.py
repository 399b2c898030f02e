"""From findings to ranked causes, checked claims and next actions; may import case and evidence."""
