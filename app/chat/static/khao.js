"use strict";
/* What every view of the page shares: clicks and forms in server-made HTML become Gradio's events or verbs of our own. */
window.khao = (() => {
  const ui = document.documentElement.lang;
  // Gradio takes its own words ("Clear", "Drop file here") from the browser's language; the page's is what was chosen.
  Object.defineProperty(navigator, "language", { get: () => ui });
  Object.defineProperty(navigator, "languages", { get: () => [ui] });

  const verbs = {};

  function told(element) {
    return JSON.parse(element.dataset.with || "{}");
  }

  function view(element, trigger) {
    element.addEventListener("click", (event) => {
      const used = event.target.closest("[data-do], [data-act]");
      if (!used || !element.contains(used) || used.tagName === "FORM") return;
      if (used.dataset.do) verbs[used.dataset.do]?.(used, event, told(used), trigger);
      if (used.dataset.act) trigger(used.dataset.act, told(used));
    });
    element.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-act]");
      if (!form) return;
      event.preventDefault();
      trigger(form.dataset.act, { ...told(form), ...Object.fromEntries(new FormData(form, event.submitter)) });
    });
  }

  function storedTheme() {
    try { return localStorage.getItem("khao.theme"); } catch { return null; }
  }

  verbs.theme = () => {
    const dark = document.body.classList.toggle("dark");
    try { localStorage.setItem("khao.theme", dark ? "dark" : "light"); } catch { /* private window */ }
  };

  // Past the header, to the tab that is open: Gradio's main has no id, and the header is within it.
  verbs.skip = (link, event) => {
    const panel = [...document.querySelectorAll("#tabs [role=tabpanel]")].find((one) => one.checkVisibility());
    if (!panel) return;
    event.preventDefault();
    panel.tabIndex = -1;
    panel.focus();
  };

  // The address's question goes along to the page in the other language.
  verbs.language = (link) => { link.href = link.getAttribute("href").split("?")[0] + location.search; };

  document.addEventListener("DOMContentLoaded", () => {
    const theme = storedTheme();
    if (!theme) return;
    const apply = () => document.body.classList.toggle("dark", theme === "dark");
    apply();
    // Gradio sets it by the system's preference when it starts.
    const watcher = new MutationObserver(() => { if (document.body.classList.contains("dark") !== (theme === "dark")) apply(); });
    watcher.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    setTimeout(() => watcher.disconnect(), 3000);
  });

  // Gradio says that the server is away in English whatever the page's language.
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const added of addedNodes) {
          if (added.nodeType !== 1 || !added.querySelector(".toast-body") && !added.closest(".toast-body")) continue;
          const lost = document.querySelector(".masthead")?.dataset.lost;
          const texts = document.createTreeWalker(added, NodeFilter.SHOW_TEXT);
          while (lost && texts.nextNode()) if (/^\s*Connection (to the server was lost|errored out)/.test(texts.currentNode.data)) texts.currentNode.data = lost;
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  });

  return { ui, verbs, view };
})();
