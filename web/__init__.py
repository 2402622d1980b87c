"""The entrances: pages, JSON API, command line, process studio."""
