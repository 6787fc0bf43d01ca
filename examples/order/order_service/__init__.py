"""The order service: an ordinary web service with its own database, which starts a flow for each order."""
