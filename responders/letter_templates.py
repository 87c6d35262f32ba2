"""The templates of letters, compiled once: `<language>/<letter>/subject.txt` and `body.md`; one `layout.html` for all.

Whatever a template prints is escaped for where it stands (Markdown, HTML, or a plain line), so that no organisation's
name and no reference can say more than themselves. A value that a template names and that does not exist is an error.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from models.errors import PermanentFailure
from models.outbox import Template
from responders.letter_facts import LetterFacts
from responders.markdown_text import MarkdownRenderer, Rendered, escaped
from responders.plain_line import one_line


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says: its subject, and one text in two faces."""

    subject: str
    text: str
    html: str


class LetterTemplates:
    """The templates of one folder; safe to use from several threads."""

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        """Prepare to read templates from a folder; each is compiled when it is first used.

        What an organisation has in a folder of its `own` stands before it: a whole file, or single blocks of one that
        extends `shipped/<language>/<letter>/body.md`.
        """
        shipped = FileSystemLoader(folder)
        loader = ChoiceLoader([*([FileSystemLoader(own)] if own else []), shipped, PrefixLoader({"shipped": shipped})])
        self._plain = Environment(loader=loader, undefined=StrictUndefined, auto_reload=False, autoescape=_is_html)  # noqa: S701
        self._markdown = Environment(  # `finalize` escapes for Markdown, the renderer for HTML
            autoescape=True,
            loader=loader,
            undefined=StrictUndefined,
            auto_reload=False,
            finalize=escaped,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._renderer = MarkdownRenderer()

    def fill(self, language: str, template: Template, facts: LetterFacts) -> LetterText:
        """Return the filled letter; raises PermanentFailure where a template is missing or broken."""
        folder = f"{language}/{template}"
        try:
            title = one_line(self._plain.get_template(f"{folder}/subject.txt").render(letter=facts))
            source = self._markdown.get_template(f"{folder}/body.md").render(letter=facts)
            body = self._renderer.render(source)
            subject = f"{title} [{one_line(facts.reference)}]" if facts.reference else title
            return self._laid_out(language, subject, body, facts)
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
            # What an organisation writes in its own blocks can fail in as many ways as a program.
            msg = f"the template {folder} cannot be filled: {type(error).__name__}: {error}"
            raise PermanentFailure(msg) from error

    def _laid_out(self, language: str, subject: str, body: Rendered, facts: LetterFacts) -> LetterText:
        name = one_line(facts.organisation.name)
        html = self._plain.get_template("layout.html").render(
            language=language,
            subject=subject,
            name=name,
            body=Markup(body.html),  # noqa: S704 - made by our renderer
        )
        return LetterText(subject, body.text, f"{html}\n")


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")
