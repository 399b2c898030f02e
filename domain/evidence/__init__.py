"""From uploaded bytes to cited findings; may import numpy beside the standard library."""
