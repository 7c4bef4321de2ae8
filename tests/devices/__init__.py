"""Programs of several devices or processes, which the contract starts."""
