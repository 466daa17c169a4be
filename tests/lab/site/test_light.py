"""What pages go without. That they look as before: the colours of tests/browser."""

from types import SimpleNamespace
from typing import Any

from snippets.lab.paths import DOCS
from snippets.lab.site import hook
from snippets.lab.site.light import STYLES, lighten, together
from tests.docs.pages import config, markdown


def test_code_keeps_its_words_and_its_colours() -> None:
    page = markdown().convert("```python\nif a <= b:  # so\n    print(f'{a}')\n```\n")
    light = lighten(page)
    assert [kind for kind in ("k", "c1", "nb", "si") if f'<span class="{kind}">' not in light] == []
    assert [kind for kind in "nopw" if f'<span class="{kind}">' in light] == []
    assert light.count("<") < page.count("<") / 1.5
    assert "a &lt;= b:" in light


def test_a_page_waits_for_one_style_sheet_of_ours() -> None:
    """Which has what each of those in mkdocs.yml has, in their order."""
    named = [str(style) for style in config().extra_css]
    settings = replace_styles(named)
    assert settings.extra_css == [STYLES]
    css = together(DOCS, hook.styles)
    texts = [(DOCS / style).read_text(encoding="utf-8") for style in named]
    assert len(named) > 5 and css == "\n".join(texts)


def replace_styles(named: list[str]) -> Any:
    settings: Any = SimpleNamespace(extra_css=named, theme={"features": []}, use_directory_urls=True)
    return hook.on_config(settings)
