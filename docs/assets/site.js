// The theme puts every copy button into a <nav> without a name. A page full of code would then be a page
// full of nameless landmarks to a screen reader, when a button is all that there is.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });
