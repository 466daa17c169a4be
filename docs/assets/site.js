// The theme puts every copy button into a <nav> without a name. A page full of code would then be a page
// full of nameless landmarks to a screen reader, when a button is all that there is.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

// A message that is pasted into the search has characters that mean something to it: a colon stands behind the name
// of a field. And the theme looks only when a key is let go. So its words are put in, without paths, and a key is let go.
document.querySelector(".md-search__input")?.addEventListener("paste", (event) => {
  const field = event.currentTarget;
  const words = event.clipboardData
    .getData("text")
    .replace(/\S*[/\\]\S*/g, " ")
    .replace(/[^\p{L}\p{N}_'.]+/gu, " ")
    .trim();
  event.preventDefault();
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
});

// The ledger of claims, filtered by verdict and page. Without this script all claims are shown.
document$.subscribe(() => {
  const ledger = document.querySelector(".nw-ledger");
  if (!ledger || ledger.previousElementSibling?.matches(".nw-filter")) {
    return;
  }
  const cards = [...ledger.querySelectorAll(".nw-card")];
  const said = document.createElement("output");
  const choices = {
    verdict: chooser("Verdict", new Set(cards.map((card) => card.dataset.verdict))),
    pages: chooser("Page", new Set(cards.flatMap((card) => card.dataset.pages.split("|").filter(Boolean)))),
  };

  function chooser(title, values) {
    const choice = document.createElement("p");
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.id = `nw-filter-${title.toLowerCase()}`;
    select.append(new Option("all", ""), ...[...values].sort().map((value) => new Option(value, value)));
    select.addEventListener("change", show);
    label.htmlFor = select.id;
    label.append(title);
    choice.append(label, " ", select);
    return choice;
  }

  function show() {
    const [verdict, page] = [choices.verdict, choices.pages].map((choice) => choice.querySelector("select").value);
    for (const card of cards) {
      const there = !page || card.dataset.pages.split("|").includes(page);
      card.hidden = !there || Boolean(verdict && card.dataset.verdict !== verdict);
    }
    said.value = `${cards.filter((card) => !card.hidden).length} of ${cards.length} claims`;
  }

  // Who follows a link to a claim that is filtered out wants to see it.
  addEventListener("hashchange", () => {
    const card = document.getElementById(location.hash.slice(1));
    if (card?.matches(".nw-card[hidden]")) {
      for (const choice of Object.values(choices)) {
        choice.querySelector("select").value = "";
      }
      show();
      card.scrollIntoView();
    }
  });

  const filter = document.createElement("form");
  filter.className = "nw-filter";
  filter.append(...Object.values(choices), said);
  ledger.before(filter);
  show();
});
