"""What is sensitive, what stands in its place and who may see it; may import the standard library only."""
