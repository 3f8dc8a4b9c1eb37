"""Lets `python -m generator` do what `nova-states` does."""

from nova_states.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
