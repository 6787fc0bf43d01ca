"""Serverless Workflow ("FnF"), API 2019-03-15: RPC style, everything at `/`, the operation named by `Action`."""
