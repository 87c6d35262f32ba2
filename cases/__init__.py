"""The rules of the office: clocks, threads, cases."""
