"use strict";
/* The reader, a dialog around its view, and the tab of articles. Their contents are made by the server. */
(() => {
  const LONGEST_ID = 500;
  const OPENING = 2000; // milliseconds after which to look again whether the library is open
  let used = null; // what was pressed last; Safari does not focus a button that is clicked
  document.addEventListener("click", (event) => { used = event.target.closest("button, a, summary"); }, true);

  khao.refresh = () => {}; // until the list of articles is there

  khao.reader = (element, trigger, watch) => {
    // Around the view and not in it: Gradio makes what is in a view like what the server sent, and so would close it.
    const dialog = document.createElement("dialog");
    dialog.className = "reader";
    dialog.setAttribute("aria-labelledby", "reader-title");
    element.before(dialog);
    dialog.append(element);
    let opener = null;

    watch("value", () => {
      if (!element.querySelector(".reading")) return;
      if (!dialog.open) {
        opener = document.activeElement === document.body ? used : document.activeElement;
        dialog.showModal();
      }
      element.querySelector("#reader-title").focus({ preventScroll: true });
      const mark = element.querySelector("mark");
      dialog.scrollTop = 0;
      mark?.scrollIntoView({ block: "center" });
      if (element.querySelector("[data-gone]")) khao.refresh();
    });

    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { if (opener?.isConnected) opener.focus(); });
    khao.verbs.close = () => dialog.close();

    const id = new URLSearchParams(location.search).get("article");
    if (id && id.length <= LONGEST_ID) trigger("select", { article: id });
  };

  khao.articles = (element, trigger, watch) => {
    let pressed = false, stale = false;
    element.addEventListener("click", (event) => { pressed ||= !!event.target.closest("button[data-act=submit], button[data-act=retry]"); });
    element.addEventListener("submit", () => { pressed = true; });
    element.addEventListener("keydown", moveAlongBars);

    /* Look again at what is listed: some came in, or one is gone. What is being asked for goes first. */
    khao.refresh = () => {
      stale = pressed;
      if (!stale) trigger("retry", JSON.parse(element.querySelector("[data-again]")?.dataset.with || "{}"));
    };

    watch("value", () => {
      const scroll = element.querySelector(".timeline .scroll");
      if (scroll) scroll.scrollLeft = scroll.scrollWidth;
      if (pressed) {
        element.querySelector("form")?.reset(); // what was typed gives way to what the server says was typed
        element.querySelector("[data-focus]")?.focus();
      }
      pressed = false;
      if (stale) khao.refresh();
      if (element.querySelector("[data-opening]")) setTimeout(khao.refresh, OPENING);
    });
    trigger("focus", {}); // "load" is Gradio's own name for the loading of the page
  };

  /* One bar is in the order of Tab; the arrow keys lead to the others. */
  function moveAlongBars(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || !event.target.matches(".bar")) return;
    event.preventDefault();
    const bars = [...event.target.closest(".bars").querySelectorAll(".bar")];
    const to = bars[Math.min(Math.max(bars.indexOf(event.target) + step, 0), bars.length - 1)];
    for (const bar of bars) bar.tabIndex = bar === to ? 0 : -1;
    to.focus();
  }

  /* What comes after the articles that are shown arrives in a view of its own, and is put after them. */
  khao.more = (element, watch) => {
    watch("value", () => {
      const page = element.querySelector("[data-act=expand]");
      const button = document.querySelector("#articles .going-on .more");
      if (!page || button?.dataset.with !== page.dataset.with) return; // other articles are shown by now
      const rows = [...page.querySelectorAll("li")].map((row) => row.cloneNode(true));
      document.querySelector("#articles .list").append(...rows);
      const next = page.querySelector(".more")?.cloneNode(true);
      if (next) button.replaceWith(next); else button.remove();
      rows[0]?.querySelector("button").focus();
    });
  };
})();
