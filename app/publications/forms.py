"""What readers ask for in an address."""

from typing import Annotated

from fastapi import Query

# Databases refuse numbers beyond their integers in words that are no answer.
EditionNumber = Annotated[int | None, Query(ge=1, le=999_999)]
