"""The faults the monitor must survive: each made on purpose, with real processes and real files."""
