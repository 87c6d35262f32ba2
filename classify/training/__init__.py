"""Building and measuring the model."""
