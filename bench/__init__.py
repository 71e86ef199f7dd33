"""Speed, measured on real processes and printed as JSON lines; each figure stands beside its limit or beside the same work done bare."""
