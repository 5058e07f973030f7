"""The page in a browser, served to this machine alone: no domain logic."""
