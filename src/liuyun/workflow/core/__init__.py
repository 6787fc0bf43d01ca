"""The flow interpreter: pure functions on frozen data.

What one needs to run flows: `Run` (run), `Start` and the other activations, `decide` (decide), `Context` and `Limits`
(decision), `evolve` (evolve) to replay a history, `explain` (explain) to tell what a run waits for, `of_invocation` and
`function_error` (outcomes) to turn a function's answer into an activation.
"""
