// The theme puts every copy button into a <nav> without a name. A page full of code would then be a page
// full of nameless landmarks to a screen reader, when a button is all that there is.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

// At the old address of a page that another has taken in, a host shows 404.html, which lists these.
for (const link of document.querySelectorAll("[data-nw-was]")) {
  if (location.pathname.endsWith(`/${link.dataset.nwWas}`)) {
    location.replace(link.href + location.hash);
  }
}

// lunr, which searches, weighs a word by how few sections have it, so common words need no list here. But the theme
// asks it for whatever begins with a word, and the few that begin alike weigh most: "num" finds "numbers". So each word
// is asked for as it stands, which counts most, and as a beginning. Signs mean something to lunr, so it gets letters
// alone. Of what Python prints, the path of a file tells nothing, the class of an error less than its message, and a
// traceback no more than the line that ends it.
const AS_IT_STANDS = 10;
const TRACEBACK = /(?:Original )?Traceback \(most recent call last\)|(?:The above exception|During handling of)[^:]*/;
const BEFORE_ITS_ERROR = /^.*\b(?=[\w.]+(?:Error|Exception|Warning):)/s;
const PATH = /\S*(?:[/\\][^\s/\\]*){3,}/g;
const CLASS = /[\w.]+(?:Error|Exception|Warning):/gi;
const CAUGHT = /(Caught )\w+/g;
const NOTHING = /\bhow (?:many|much)\b|=\s*(?:true|false)\b/g; // "many" finds "too many"
const NO_WORD = /[^\p{L}]+/u;
const PLURAL = /^(.+(?:ch|sh|ss))es$|^(..+[^s])s$/;
const [INDEX, QUESTION] = [0, 2]; // what the theme calls them where it talks to the worker that searches

// What people say, and what the pages say. Most sections also say it in people's words, so this list is short.
const SAME = [
  [/\bhow (?:many|much)\b|\b(?:best|ideal|optim|recommend)/, "choose number"],
  [/\b(?:oom|sigkill)\b|\bout of memory\b/, "killed oom"],
  [/\b(?:ram|rss)\b/, "memory"],
  [/\b(?:leak|accumul|climb)/, "grows"],
  [/\b(?:stuck|froze|freezing)/, "hang"],
  [/\b(?:paus|gap|delay|lag)/, "wait"],
  [/\b(?:val|eval)\b|\bevaluat/, "validation"],
  [/\b(?:recreat|restart|respawn)/, "start"],
  [/\b(?:determinis|reproduc)/, "reproducible"],
  [/\bduplic/, "repeated"],
  [/\b(?:ddp|fsdp)\b/, "ranks"],
];
const AS_SAID_HERE = 3;

let known = new Set(); // the words of all pages

// A word that no page has may be two, or misspelt; two may be one of the pages' words.
function otherwise(word, before) {
  if (known.has(before + word)) return before + word;
  if (known.has(word) || word.length < 5) return "";
  for (let at = 3; at <= word.length - 3; at++) {
    const two = [word.slice(0, at), word.slice(at)];
    if (two.every((half) => known.has(half))) return two.join(" ");
  }
  return `${word}~1`;
}

function telling(question) {
  const parts = question.replace(PATH, " ").split(TRACEBACK);
  const said = parts.map((part, at) => (at ? part.replace(BEFORE_ITS_ERROR, "") : part)).join(" ");
  const message = said.replace(CLASS, " ").replace(CAUGHT, "$1").toLowerCase();
  const classes = new Set(said.toLowerCase().match(CLASS)?.map((name) => name.match(/[^.]+(?=:)/)));
  const words = [...new Set(message.replace(NOTHING, " ").split(NO_WORD).filter((word) => word.length > 1))];
  const same = SAME.filter(([theirs]) => theirs.test(message)).map(([, ours]) => ours);
  const others = [...same, ...words.map((word, at) => otherwise(word, words[at - 1] ?? ""))].join(" ").split(" ");
  return [
    ...words.map((word) => `${word}^${AS_IT_STANDS} ${word.replace(PLURAL, "$1$2")}*^1`),
    ...others.filter((word) => word && !words.includes(word)).map((word) => `${word}^${AS_SAID_HERE}`),
    ...[...classes].map((name) => `${name}^1`),
  ].join(" ");
}

// The theme rates the top of a page some two and a half times as high as a section that has the same words. Who asks
// wants the section.
const TOP = 0.45;

function level({ docs, ...rest }) {
  known = new Set(docs.flatMap(({ title, text }) => `${title} ${text}`.toLowerCase().split(NO_WORD)));
  const levelled = docs.map((doc) => (doc.location.includes("#") ? doc : { ...doc, boost: TOP * (doc.boost ?? 1) }));
  return { ...rest, docs: levelled };
}

const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, ...others) {
  const ours = { [INDEX]: level, [QUESTION]: (data) => telling(data) || data }[message?.type];
  postMessage.call(this, ours ? { ...message, data: ours(message.data) } : message, ...others);
};

// The theme looks at what is pasted only when a key is let go.
document.querySelector(".md-search__input")?.addEventListener("paste", ({ currentTarget: field }) => {
  setTimeout(() => field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })));
});

// The ledger of claims: filtered, in another order, and with the card of each row that is opened. Without this script all
// rows are there, in the order of the pages, and each has its card.
const [VERDICT, EXPERIMENT, PAGE] = [1, 3, 4];
const PAUSE = " · "; // between the names in a cell

document$.subscribe(() => {
  const table = document.querySelector(".nw-ledger");
  const place = document.querySelector(".nw-filter");
  if (!table || place.childElementCount) {
    return;
  }
  const rows = [...table.tBodies[0].rows];
  const inOrder = new Intl.Collator("en", { numeric: true }).compare;
  const filter = document.createElement("form");
  const said = document.createElement("output");
  const words = Object.assign(document.createElement("input"), { type: "search" });
  const choices = [chooser("Verdict", VERDICT), chooser("Experiment", EXPERIMENT), chooser("Page", PAGE)];

  function of(row, column) {
    return row.cells[column].firstChild?.textContent ?? "";
  }

  function labelled(title, control) {
    const part = document.createElement("p");
    const label = Object.assign(document.createElement("label"), { htmlFor: `nw-${title.toLowerCase()}`, textContent: title });
    control.id = label.htmlFor;
    part.append(label, " ", control);
    filter.append(part);
  }

  function chooser(title, column) {
    const select = document.createElement("select");
    const names = new Set(rows.flatMap((row) => of(row, column).split(PAUSE).filter(Boolean)));
    select.append(new Option("all", ""), ...[...names].sort().map((name) => new Option(name, name)));
    select.addEventListener("change", show);
    return { title, column, select };
  }

  function show() {
    const asked = words.value.trim().toLowerCase();
    for (const row of rows) {
      const chosen = choices.every(
        ({ column, select }) => !select.value || of(row, column).split(PAUSE).includes(select.value),
      );
      row.hidden = !chosen || !`${row.id} ${of(row, 0)}`.toLowerCase().includes(asked);
    }
    said.value = `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims`;
  }

  function sortBy(heading) {
    const downwards = heading.ariaSort === "ascending";
    for (const other of heading.parentElement.cells) {
      other.removeAttribute("aria-sort");
    }
    heading.ariaSort = downwards ? "descending" : "ascending";
    const { cellIndex } = heading;
    const sorted = [...rows].sort((one, other) => inOrder(of(one, cellIndex), of(other, cellIndex)));
    table.tBodies[0].append(...(downwards ? sorted.reverse() : sorted));
  }

  // Who follows a link to a claim wants to see its card, be it filtered out or not.
  function follow() {
    if (!table.isConnected) { // its page was left, and the theme keeps the window
      removeEventListener("hashchange", follow);
      return;
    }
    const row = document.getElementById(location.hash.slice(1));
    if (!rows.includes(row)) {
      return;
    }
    if (row.hidden) {
      filter.reset();
      show();
    }
    row.querySelector("details").open = true;
    row.scrollIntoView();
  }

  // The browser has read a card as text. The theme, which brings the next page without loading it, has made elements of
  // it, by the thousand.
  for (const card of table.querySelectorAll("noscript:has(*)")) {
    card.textContent = card.innerHTML;
  }
  table.addEventListener(
    "toggle",
    ({ target }) => {
      const card = target.querySelector("noscript");
      if (card) {
        card.outerHTML = card.textContent;
      }
    },
    true, // it does not bubble
  );
  for (const heading of table.tHead.rows[0].cells) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(heading));
    heading.append(button);
  }
  labelled("Words", words);
  words.addEventListener("input", show);
  for (const { title, select } of choices) {
    labelled(title, select);
  }
  filter.append(said);
  filter.addEventListener("submit", (event) => event.preventDefault());
  place.append(filter);
  show();
  follow();
  addEventListener("hashchange", follow);
});

// The simulator of the loader, for who comes near it. From a folder a browser loads no module, so there the measured
// figure stays.
const simulators = new IntersectionObserver(
  (entries) => {
    for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
      simulators.unobserve(target);
      import("./simulator.mjs").then(({ show }) => show(target));
    }
  },
  { rootMargin: "100%" }, // a screen before it is seen
);

document$.subscribe(() => {
  simulators.disconnect();
  const places = document.querySelectorAll(".nw-simulator");
  if (location.protocol !== "file:") {
    places.forEach((place) => simulators.observe(place));
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
