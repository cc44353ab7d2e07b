"use strict";
/* The conversation in the browser: what of it is in view, the ones kept from before, and the verbs of a turn.

   The server keeps none of it. Each conversation has a key of its own in localStorage, so that two tabs never write over
   each other's; of one that both have open, the second to go on becomes a conversation of its own. */
khao.asking = (() => {
  const { verbs } = khao;
  const KEPT = "khao.conversations.", MOST = 50, LONGEST = 2000;
  const here = { id: null, edition: 0 }; // the conversation in view, and which edition of it this tab wrote or read
  const views = new Map(); // HTML of its turns, by their ids
  const parts = {};
  let turns = [], awaited = null, wanted = null, texts = {}, saving = 0, scrolled = {};

  const session = (name, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(name);
      if (value === null) sessionStorage.removeItem(name); else sessionStorage.setItem(name, value);
    } catch { /* a private window */ }
    return null;
  };

  // Conversations kept

  function read(id) {
    try {
      const found = JSON.parse(localStorage.getItem(KEPT + id));
      return found && Array.isArray(found.turns) && found.turns.length && typeof found.turns[0].question === "string" && !isNaN(new Date(found.at)) ? found : null;
    } catch { return null; }
  }

  function kept() {
    let ids = [];
    try { ids = Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).map((key) => key.slice(KEPT.length)); } catch { /* none */ }
    return ids.map((id) => ({ ...read(id), id })).filter((one) => one.turns).sort((one, other) => other.at - one.at);
  }

  function drop(id) {
    try { localStorage.removeItem(KEPT + id); } catch { /* nothing was kept */ }
  }

  function write(id, conversation) {
    const text = JSON.stringify(conversation);
    for (const old of [...kept().filter((one) => one.id !== id).reverse(), null]) {
      try { localStorage.setItem(KEPT + id, text); return true; } catch { if (!old) return false; }
      drop(old.id); // there is no room: the oldest go
    }
    return false;
  }

  function keep() {
    clearTimeout(saving);
    saving = 0;
    if (!turns.length) return;
    if (!here.id || (read(here.id)?.edition ?? here.edition) !== here.edition) here.id = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    here.edition = Math.random();
    if (!write(here.id, { at: Date.now(), edition: here.edition, turns })) announce(texts.not_kept);
    kept().slice(MOST).forEach((one) => drop(one.id));
    session("khao.open", here.id);
    list();
  }

  // The list of them: texts only, whatever they hold

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function button(text, verb, id) {
    const made = element("button", { type: "button", className: "button" }, text);
    made.dataset.do = verb;
    made.dataset.with = JSON.stringify({ id });
    return made;
  }

  function list() {
    if (!parts.toolbar) return;
    const all = kept();
    const day = new Intl.DateTimeFormat(khao.ui === "th" ? "th-TH-u-ca-buddhist" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
    const rows = all.map((one) => {
      const title = one.turns[0].question.slice(0, LONGEST);
      const opener = element("bdi", {}, title);
      const opens = button(opener, "open", one.id);
      if (one.id === here.id) opens.setAttribute("aria-current", "true");
      const deletes = button(texts.delete, "delete", one.id);
      deletes.setAttribute("aria-label", texts.delete_this.replace("{title}", title.slice(0, 80)));
      return element("li", {}, opens, element("time", { className: "quiet" }, day.format(one.at)), deletes);
    });
    const box = parts.toolbar.querySelector(".kept");
    const focused = [...box.children].findIndex((row) => row.contains(document.activeElement));
    box.replaceChildren(...(rows.length ? rows : [element("li", { className: "quiet" }, texts.history_none)]));
    if (focused >= 0) (box.children[Math.min(focused, rows.length - 1)]?.querySelector("button") ?? parts.toolbar.querySelector("summary")).focus();
    parts.toolbar.querySelector(".count").textContent = all.length ? `(${all.length})` : "";
    parts.toolbar.querySelector(".all").hidden = !all.length;
  }

  verbs.open = (used, event, { id }) => {
    parts.toolbar.querySelector("details").open = false;
    const found = read(id);
    if (!found) return list();
    if (id === here.id) return;
    wanted = id;
    if (document.body.dataset.busy) document.getElementById("stop-button").click(); else openWanted();
  };

  /* Open the conversation that was chosen, once no answer is under way any more in the one that is left. */
  function openWanted() {
    const id = wanted, found = read(id);
    wanted = null;
    if (saving) keep();
    if (found) restore(id, found);
  }

  verbs.delete = (used, event, { id }) => {
    drop(id);
    if (id === here.id) parts.begin();
    announce(texts.deleted);
    list();
  };
  function sure(asked) {
    parts.toolbar.querySelector(".sure").hidden = !asked;
    parts.toolbar.querySelector("[data-do=delete_all]").hidden = asked;
    parts.toolbar.querySelector(asked ? "[data-do=delete_no]" : "summary").focus();
  }
  verbs.delete_all = () => sure(true);
  verbs.delete_no = () => sure(false);
  verbs.delete_yes = () => {
    kept().forEach((one) => drop(one.id));
    parts.begin();
    sure(false);
    announce(texts.deleted);
    list();
  };

  function restore(id, found) {
    awaited = { id, edition: found.edition };
    // Whatever was asked before it is there would end in the wrong conversation.
    document.getElementById("asking").inert = true;
    parts.restore(found.turns);
  }

  function restored() {
    if (awaited) Object.assign(here, awaited);
    arrived();
    session("khao.open", here.id);
    list();
  }

  /* A conversation came, or the server would not have it. */
  function arrived() {
    awaited = null;
    document.getElementById("asking").inert = false;
  }

  function lost() {
    arrived();
    session("khao.open", null);
  }

  /* Begin another conversation: the values of the components that the tab to ask in tells of it. */
  function begin() {
    if (saving) keep();
    here.id = null;
    views.clear();
    session("khao.open", null);
    setTimeout(() => { list(); toBox(); });
    return [[], "", "", "", "", "", ""];
  }

  // What is in view

  function draw() {
    const box = parts.past?.querySelector(".turns");
    if (!box || !parts.latest) return;
    document.body.dataset.turns = turns.length;
    const before = turns.slice(0, -1).map((turn) => turn.id);
    for (const one of [...box.children]) if (!before.includes(one.dataset.turn)) one.remove();
    before.forEach((id, at) => {
      const found = [...box.children].find((one) => one.dataset.turn === id);
      if (found && box.children[at] === found) return;
      if (!found && !views.has(id)) return;
      const made = document.createElement("template");
      if (!found) made.innerHTML = views.get(id);
      box.insertBefore(found ?? made.content.firstElementChild, box.children[at] ?? null);
    });
    // What comes late, of a conversation that was left meanwhile, is not shown.
    const last = turns.at(-1)?.id;
    const now = parts.latest.querySelector("[data-turn]");
    parts.latest.hidden = now?.dataset.turn !== last;
    parts.further.hidden = parts.further.querySelector("[data-turn]")?.dataset.turn !== last;
    const busy = !parts.latest.hidden && Boolean(now?.querySelector("[aria-busy=true]"));
    const ends = document.body.dataset.busy && !busy;
    if (Boolean(document.body.dataset.busy) !== busy) turnBusy(busy);
    if (wanted && !busy) openWanted();
    measuring.disconnect();
    [parts.latest, ...parts.latest.querySelectorAll(".turn.sourced > :is(.answer, .tools)")].forEach((one) => measuring.observe(one));
    place();
    if (last && !parts.latest.hidden && (last !== scrolled.turn || ends && !scrolled.on)) {
      // The button of a suggestion is gone when it has been used.
      if (last !== scrolled.turn && (!document.activeElement || document.activeElement === document.body)) toTurn(now);
      now.scrollIntoView({ block: "start" });
      scrolled = { turn: last, on: false };
    }
  }

  /* What may be asked next goes up into the room that longer sources leave under the answer. */
  const measuring = new ResizeObserver(place);
  function place() {
    const next = document.getElementById("further"), tools = parts.latest.querySelector(".turn.sourced > .tools");
    next.classList.remove("beside");
    if (!tools || parts.latest.hidden || parts.further.hidden) return;
    const from = tools.getBoundingClientRect().bottom, natural = next.getBoundingClientRect().top;
    next.style.setProperty("--beside", `${tools.offsetWidth}px`);
    next.style.setProperty("--rise", `${Math.min(0, from - natural)}px`);
    next.style.setProperty("--fall", "0px");
    next.classList.add("beside");
    // What is below all this stays below the sources.
    next.style.setProperty("--fall", `${Math.max(0, natural - next.getBoundingClientRect().bottom)}px`);
  }

  // Whoever scrolls on while an answer comes is left alone; where the page is would not tell, for it grows and shrinks meanwhile.
  for (const kind of ["wheel", "touchmove", "keydown", "mousedown"]) {
    addEventListener(kind, (event) => {
      if (kind === "keydown" && !["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "].includes(event.key)) return;
      if (kind === "keydown" && event.target.closest?.("textarea, input")) return;
      if (kind === "mousedown" && event.target !== document.documentElement) return; // its scrollbar
      scrolled.on = true;
    }, { passive: true });
  }

  function turnBusy(busy) {
    const lost = ["ask-button", "stop-button"].includes(document.activeElement?.closest("button")?.id);
    if (busy) document.body.dataset.busy = "true"; else delete document.body.dataset.busy;
    if (lost) toBox();
  }

  let drawing = 0;
  function drawSoon() {
    clearTimeout(drawing);
    drawing = setTimeout(draw);
  }

  /* Go on where there is something to read: to focus the box would open a phone's keyboard over it. */
  function toTurn(turn) {
    if (matchMedia("(pointer: fine)").matches) return toBox();
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
  }

  function toBox() {
    setTimeout(() => document.querySelector("#question textarea")?.focus());
  }

  // What the address asks: once in a tab, and it stays in the address

  function asksNow() {
    const asked = new URLSearchParams(location.search);
    const question = (asked.get("q") ?? "").trim();
    if (!question || session("khao.asked") === location.search) return false;
    session("khao.asked", location.search);
    const filters = {};
    for (const name of ["since", "until", "source", "lang"]) if (asked.get(name)) filters[name] = asked.get(name).slice(0, 300);
    parts.ask({ question: question.slice(0, 2 * LONGEST), filters });
    return true;
  }

  function start() {
    if (!["toolbar", "past", "latest", "further", "turns", "views"].every((name) => parts[name])) return;
    list();
    draw();
    if (asksNow()) return;
    const id = session("khao.open");
    const found = id && read(id);
    if (found) restore(id, found);
  }

  // Verbs of a turn

  function light(marker, lit, name) {
    const { source } = JSON.parse(marker.dataset.with || "{}");
    document.getElementById(source)?.classList.toggle(name, lit);
  }
  verbs.mark = (used, event, { source }) => {
    document.querySelectorAll(".source.lit").forEach((one) => one.classList.remove("lit"));
    const found = document.getElementById(source);
    if (!found) return;
    found.classList.add("lit");
    found.scrollIntoView({ block: "nearest", behavior: "smooth" });
    found.focus({ preventScroll: true });
  };
  for (const [begins, ends] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    for (const [kind, lit] of [[begins, true], [ends, false]]) {
      document.addEventListener(kind, (event) => {
        const marker = event.target.closest?.("[data-do=mark]");
        if (marker) light(marker, lit, "near");
      });
    }
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* no permission, or no such thing outside https */ }
    const box = element("textarea", { value: text, readOnly: true, className: "unseen" });
    const focused = document.activeElement;
    document.querySelector(".gradio-container").append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    focused?.focus();
    return done;
  }
  verbs.copy = async (used, event, told) => {
    const found = document.getElementById(told.from);
    announce(found && await copy(found.textContent) ? texts.copied : texts.not_copied);
  };
  verbs.link = async (used, event, { question, filters }) => {
    const address = new URL("../", location.href);
    address.search = new URLSearchParams({ q: question, ...filters });
    address.hash = "";
    announce(await copy(address.href) ? texts.link_copied : texts.not_copied);
  };
  verbs.tab = (used, event, { number }) => document.querySelectorAll("#tabs [role=tab]")[number]?.click();

  function announce(text) {
    const box = parts.toolbar?.querySelector(".announcement");
    if (!box) return;
    clearTimeout(announce.over);
    box.textContent = "";
    setTimeout(() => { box.textContent = text; }, 50); // the same words again are read again
    announce.over = setTimeout(() => { box.textContent = ""; }, 6000);
  }

  function thank(text) {
    document.querySelectorAll("details.verdict[open]").forEach((one) => { one.open = false; });
    announce(text);
  }

  function save({ name, text }) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    announce(texts.downloaded);
  }

  // The components, each as Gradio shows it

  function toolbar(element, trigger) {
    khao.view(element, trigger);
    parts.toolbar = element;
    texts = JSON.parse(element.querySelector("[data-texts]").dataset.texts);
    parts.ask = (asked) => { begin(); trigger("submit", asked); };
    parts.restore = (kept) => trigger("input", { turns: kept });
    parts.begin = () => trigger("clear", {});
    const history = element.querySelector("details");
    document.addEventListener("click", (event) => { if (!history.contains(event.target) && event.target.isConnected) history.open = false; });
    history.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !history.open) return;
      history.open = false;
      history.querySelector("summary").focus();
    });
    start();
  }

  function welcome(element, trigger) {
    khao.view(element, trigger);
    // Articles may have been added while another tab was in view; while the page is built it comes and goes as well.
    let left = Infinity;
    new IntersectionObserver(() => {
      const shown = element.offsetParent !== null;
      if (shown && performance.now() - left > 1000) trigger("apply", {});
      left = shown ? Infinity : Math.min(left, performance.now());
    }).observe(element);
  }

  function past(element, trigger) {
    khao.view(element, trigger);
    parts.past = element;
    start();
  }

  function latest(element, trigger, props, watch) {
    khao.view(element, trigger);
    parts.latest = element;
    watch("value", () => {
      const id = element.querySelector("[data-turn]")?.dataset.turn;
      if (id) views.set(id, props.value);
      drawSoon();
    });
    start();
  }

  function further(element, trigger, props, watch) {
    khao.view(element, trigger);
    parts.further = element;
    watch("value", drawSoon);
    start();
  }

  function turnsChanged(props, watch) {
    parts.turns = true;
    watch("value", () => {
      turns = Array.isArray(props.value) ? props.value : [];
      if (turns.length && !awaited && !saving) saving = setTimeout(keep, 300);
      drawSoon();
    });
    start();
  }

  function viewsChanged(props, watch) {
    parts.views = true;
    watch("value", () => {
      for (const [id, html] of Object.entries(props.value ?? {})) views.set(id, html);
      drawSoon();
    });
    start();
  }

  addEventListener("storage", (event) => { if (event.key === null || event.key.startsWith(KEPT)) list(); });
  addEventListener("pagehide", () => { if (saving) keep(); });

  return { toolbar, welcome, past, latest, further, turns: turnsChanged, views: viewsChanged, begin, restored, lost, toBox, thank, save };
})();
