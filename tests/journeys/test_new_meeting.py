"""From the pasted text of a resolution to the meeting that it asks for, as a chair does it."""

import pytest
from playwright.sync_api import expect

from app.core.languages import Message
from app.demo import CHAIR
from tests.journeys.hands import Pointer
from tests.make import TEXT

pytestmark = pytest.mark.browser

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE_WITHOUT_SCRIPTS = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "java_script_enabled": False,
}
WOMEN = {"en": "Inter-American Commission of Women", "es": "Comisión Interamericana de Mujeres"}
CHILDREN = {"en": "Inter-American Children's Institute", "es": "Instituto Interamericano del Niño"}


@pytest.fixture
def server(new_server):
    with new_server() as server:
        yield server


@pytest.fixture
def chair(browser, server, device):
    """A chair who is signed in, with a device."""
    context = browser.new_context(base_url=server.base_url, **device)
    context.set_default_timeout(10_000)
    context.add_cookies([server.cookie(CHAIR)])
    yield Pointer(context.new_page())
    context.close()


MEETING = {
    "en": "Meeting of National Authorities on Trafficking in Persons",
    "es": "Reunión de Autoridades Nacionales en Materia de Trata de Personas",
}


class Words:
    """The program's words in one language."""

    def __init__(self, lang):
        self.lang = lang

    def __call__(self, text, **values):
        return Message(text, values or None).in_language(self.lang)


def confirms(chair, said):
    """Takes one body off, invites another, sets a day that the text does not give."""
    page, lang = chair.page, said.lang
    fourth = page.get_by_role("article", name=said("Operative paragraph %(number)s", number=4))
    expect(fourth.locator("mark").filter(has_text="CICAD")).to_contain_text(said("called upon"))
    rows = fourth.get_by_role("listitem")
    rows.filter(has_text=WOMEN[lang]).get_by_role("checkbox").uncheck()
    children = rows.filter(has_text=CHILDREN[lang])
    children.locator("summary").click()
    use = children.get_by_role("combobox", name=said("For the meeting"))
    use.select_option(label=said("to be invited"))
    third = page.get_by_role("article", name=said("Operative paragraph %(number)s", number=3))
    due = third.get_by_role("listitem").filter(has_text="before the next regular session")
    due.locator("summary").click()
    due.get_by_label(said("By which day, if it is known")).fill("2027-06-01")
    chair.press("button", said("Keep, and go on to the meeting"))


def creates(chair, said):
    """Adds what the text does not give."""
    facts = {"slug": "rtp-8", "first_day": "2027-03-02", "last_day": "2027-03-04"}
    for name, value in (facts | {"zone": "America/Caracas"}).items():
        chair.page.locator(f"[name={name}]").fill(value)
    chair.press("button", said("Create the meeting"))
    expect(chair.page.get_by_role("status").first).to_contain_text(MEETING[said.lang])


@pytest.mark.parametrize(
    ("lang", "device"),
    [
        pytest.param("en", LAPTOP, id="English, laptop"),
        pytest.param("es", LAPTOP, id="Spanish, laptop"),
        pytest.param("es", PHONE_WITHOUT_SCRIPTS, id="Spanish, phone, no scripts"),
    ],
)
def test_a_pasted_text_becomes_a_meeting(chair, server, lang):
    said, page = Words(lang), chair.page
    here = f"{server.base_url}/{lang}/desk/rtp-8"
    page.goto(f"/{lang}/desk")
    chair.press("link", said("A new meeting"))
    page.get_by_role("textbox", name=said("Text of the resolution")).fill(TEXT)
    chair.press("button", said("Read the text"))
    confirms(chair, said)
    creates(chair, said)

    expect(page).to_have_url(here)
    chair.press("link", said("Entities"))
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="CICAD")).to_have_count(1)
    expect(rows.filter(has_text=WOMEN[lang])).to_have_count(0)
    why = rows.filter(has_text=CHILDREN[lang]).get_by_role("link").first
    expect(why).to_have_text(said("operative paragraph %(number)s", number=4))
    why.click()
    expect(page).to_have_url(f"{here}/resolution#op-4")
    chair.press("link", said("Commitments"))
    expect(page.locator("#row-3")).to_contain_text("2027")
