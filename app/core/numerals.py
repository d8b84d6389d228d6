"""Roman numerals, small as lists print them."""

VALUES = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def roman(number: int) -> str:
    """1 to 39 in small letters."""
    found = ""
    for value, letters in VALUES:
        while number >= value:
            found, number = found + letters, number - value
    return found
