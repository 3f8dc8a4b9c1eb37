"""Which functions an action reaches, and which exceptions can leave each: what refusals and faults are read from.

Names decide, not types: a call that names nothing in the tree is left out, and a branch counts whether or not it can be
taken. So what is told here *can* happen; what is not told was not found.
"""
