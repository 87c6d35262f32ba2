"""From a parsed mail to a verdict, and the training of the model that gives it."""
