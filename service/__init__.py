"""Puts the packages together: settings, pipeline, jobs, commands."""
