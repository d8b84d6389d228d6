"""Where tests keep their databases, and how they look into them."""

import shutil
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.core.database import create_engines


class Files:
    """SQLite databases with the verbs of `Postgres`."""

    def __init__(self, new_folder):
        self.new_folder = new_folder

    def clone(self, template=None):
        file = self.new_folder("database") / "convoca.db"
        if template:
            shutil.copyfile(make_url(template).database, file)
        return f"sqlite:///{file}"

    def drop(self, url):
        Path(make_url(url).database).unlink()


class writing(Session):  # noqa: N801 (reads as a verb: with writing(url) as db)
    """A session of its own engines, which end with it."""

    def __init__(self, url):
        self.engines = create_engines(url)
        super().__init__(self.engines.write)

    def close(self):
        super().close()
        self.engines.dispose()
