"""Pages and answers about works, one module a subject."""
