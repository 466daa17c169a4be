// The theme puts every copy button into a <nav> without a name. A page full of code would then be a page
// full of nameless landmarks to a screen reader, when a button is all that there is.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

// lunr, which searches, finds whatever begins with a word of the question: "in" finds "initialization". And signs mean
// something to it: a colon stands behind the name of a field. So it is asked for words alone, without the path of a file,
// and without those that say little in any question, or little on this site.
const SAY_LITTLE = new Set(
  (
    "a about all also an and any are as at be but by can do does doing for from get gets getting got had has have how i " +
    "if in into is it its just like may me my no not of on only or our s seem seems set setting so some t than that the " +
    "their them then there these they this those to too try trying up use used uses using very was we were what when " +
    "where which while why will with without would you your " +
    "dataloader dataloaders error errors exception num pytorch runtimeerror torch train training userwarning utils " +
    "warning worker workers"
  ).split(" "),
);
const PATH = /\S*(?:[/\\][^\s/\\]*){3,}/g;
const NO_WORD = /[^\p{L}]+/u;
const PLURAL = /^(.+(?:ch|sh|ss))es$|^(..+[^s])s$/;
const QUESTION = 2; // what the theme calls it where it talks to the worker that searches

function telling(question) {
  const words = question.replace(PATH, " ").split(NO_WORD);
  const kept = words.filter((word) => word.length > 1 && !SAY_LITTLE.has(word.toLowerCase()));
  return kept.map((word) => word.replace(PLURAL, "$1$2")).join(" ");
}

const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, ...others) {
  const asked = message?.type === QUESTION ? { ...message, data: telling(message.data) || message.data } : message;
  postMessage.call(this, asked, ...others);
};

// The theme looks at what is pasted only when a key is let go.
document.querySelector(".md-search__input")?.addEventListener("paste", ({ currentTarget: field }) => {
  setTimeout(() => field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })));
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

// The simulator of the loader. From a folder a browser loads no module, so there the measured figure stays.
document$.subscribe(async () => {
  const places = document.querySelectorAll(".nw-simulator");
  if (location.protocol !== "file:") {
    if (places.length) {
      const { show } = await import("./simulator.mjs");
      places.forEach(show);
    }
    return;
  }
  for (const place of places) {
    const note = document.createElement("p");
    note.className = "nw-sim-notice";
    note.textContent = "The simulator works where this site comes from a server, not from a folder.";
    place.classList.add("nw-sim-still");
    place.prepend(note);
  }
});
