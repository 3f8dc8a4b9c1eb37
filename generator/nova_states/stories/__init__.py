"""Stories: each action's way told as a few steps, worked out from the transitions of any release."""
