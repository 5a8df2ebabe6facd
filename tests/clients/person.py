"""A person at a browser without a screen: fills in the sign-in pages by plain HTTP and stops where they lead away.

It takes each form as the page gives it, hidden fields and all, so that pages may come and go; what it never does is
send a form elsewhere, or follow an address of the application.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

PAGES = 10
"""More than any sign-in needs; a circle ends here."""


@dataclass
class Form:
    """The first form of a page: its address, its values, its buttons as (name, value)."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the first form of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.form: Form | None = None
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms, inputs and buttons."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and self.form is None:
            assert said["method"].lower() == "post", "a form with a password must not be sent in an address"
            self.form, self._inside = Form(said["action"]), True
        elif self._inside and self.form and "name" in said:
            if tag == "input":
                self.form.values[said["name"]] = said.get("value", "")
            elif tag == "button":
                self.form.buttons.append((said["name"], said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """The form ends."""
        self._inside = self._inside and tag != "form"


class TurnedAway(Exception):
    """A page without a form, on which the way ends; `status` and text."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.text)
        self.status = answer.status_code


class Person:
    """Somebody with a user name and a password, and a browser with its cookies."""

    def __init__(self, issuer: str, user_name: str, password: str) -> None:
        self.issuer = issuer
        self.user_name = user_name
        self.typed = {"user_name": user_name, "password": password}
        self.http = httpx.Client(base_url=issuer, timeout=30, trust_env=False, headers={"Accept-Language": "en"})

    def follow(self, address: str, *, consent: bool = True) -> str:
        """Open an address of the platform and do what the pages ask; the address of the application it leads to.

        consent: what is answered when the page of consent comes. Raises `TurnedAway`.
        """
        answer = self.http.get(address)
        for _ in range(PAGES):
            if answer.is_redirect:
                onward = str(answer.url.join(answer.headers["location"]))
                if not self._ours(onward):
                    return onward
                answer = self.http.get(onward)
                continue
            form = _Reader(answer.text).form
            if form is None or answer.status_code != 200:
                raise TurnedAway(answer)
            assert self._ours(str(answer.url.join(form.action))), "a form of ours that is sent elsewhere"
            values = {name: self.typed.get(name, value) for name, value in form.values.items()}
            answer = self.http.post(form.action, data=values | self._pressed(form, consent=consent))
        raise AssertionError(f"{PAGES} pages lead nowhere, the last at {answer.url.path}")

    def _ours(self, address: str) -> bool:
        return urlsplit(address)._replace(path="", query="", fragment="").geturl() == self.issuer

    def _pressed(self, form: Form, *, consent: bool) -> dict[str, str]:
        """The button: yes or no where consent is asked, else the first (the first post, the one way on)."""
        if form.buttons and form.buttons[0][0] == "decision":
            return {"decision": "allow" if consent else "deny"}
        return dict(form.buttons[:1])

    def close(self) -> None:
        """Close the connections."""
        self.http.close()
