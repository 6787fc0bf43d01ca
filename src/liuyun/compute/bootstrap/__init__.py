"""What runs inside: the zygote, the sandbox's first process and the worker, under the function's own interpreter.

Everything here imports the standard library only (and the frame codec, which does the same) and runs on Python 3.10
and newer, whatever the platform itself runs on.
"""
