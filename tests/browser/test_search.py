"""The search answers whatever is typed: no word, and no beginning of one, makes it fail.

lunr, which the theme searches with, keeps all words in a set in which it takes two that end differently for one where
digits stand in unlucky places. Each query that meets such a word ends in an error, and its reader sees "No matching
documents". Pages have other numbers in each build, so digits are no part of words: see mkdocs.yml.
"""

import html
import json
import re
from pathlib import Path

from .site import Built
from .visit import Visit

ASK = """async ([index, worker, queries]) => {
    const searching = new Worker(worker);
    const answer = () => new Promise(done => { searching.onmessage = event => done(event.data) });
    const send = message => { const said = answer(); searching.postMessage(message); return said };
    const data = await (await fetch(index)).json();
    await send({type: 0, data: {...data, options: {suggest: false}}});
    const empty = [];
    for (const query of queries)
        if (!(await send({type: 2, data: query})).data.items.length) empty.push(query);
    return empty;
}"""
"""The theme's own messages: 0 sets the index up, 2 asks."""


def words(root: Path) -> list[str]:
    """The words of all pages, and how they begin, as the index has them."""
    docs = json.loads((root / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", f"{doc['title']} {doc['text']}")) for doc in docs)
    whole = {re.sub(r"^\W+|\W+$", "", word) for word in re.split(r"[\s\-\d]+", text.lower())}
    return sorted({word[:end] for word in whole for end in range(1, len(word) + 1) if re.fullmatch(r"\w+", word[:end])})


def test_no_word_makes_the_search_fail(visitor: Visit, built_site: Built) -> None:
    failed: list[str] = []
    visitor.open()
    visitor.page.on("console", lambda message: failed.append(message.text))
    (worker,) = (built_site.root / "assets" / "javascripts" / "workers").glob("search.*.js")
    address = visitor.site.address
    queries = words(built_site.root)
    index, script = f"{address}search/search_index.json", f"{address}assets/javascripts/workers/{worker.name}"
    empty = visitor.page.evaluate(ASK, [index, script, queries])
    assert len(queries) > 1_000 and len(empty) < 0.1 * len(queries), "some words are too common to be searched"
    assert [text for text in failed if "Invalid query" in text] == []


def test_no_word_has_a_digit(built_site: Built) -> None:
    """What the pages say of another build may be as unlucky as those of this one are lucky."""
    config = json.loads((built_site.root / "search" / "search_index.json").read_text(encoding="utf-8"))["config"]
    assert all(re.fullmatch(config["separator"], digit) for digit in "0123456789")
