"""Liuyun (流云): a serverless platform that a company runs for itself."""

__version__ = "0.1.0"
