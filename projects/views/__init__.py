"""Pages of projects, one noun a file."""
