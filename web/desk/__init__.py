"""The desk: where staff work on cases, in a browser."""
