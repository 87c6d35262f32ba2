"""The programming interface: cases, mail, letters and figures for other programs."""
