"""Files to and from the world: charter, imports, exports."""
