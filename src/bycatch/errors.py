"""Errors that a user can mend."""


class UserError(Exception):
    """Something in the input is wrong; the message is one line and names file, line and the way out."""
