// The page's own behaviour: which language it speaks, which metric the bars show, and the questions, filtered and laid
// out when opened. Texts of articles and questions are only ever set as text.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const form = document.getElementById("filters");
const list = document.getElementById("list");
const LABELS = { label: "aria-label" };
let language = "en";

// Language

function speak(element) {
  const said = element.dataset[language];
  if (said !== undefined) element.textContent = said;
  for (const [name, attribute] of Object.entries(LABELS)) {
    const label = element.getAttribute(`data-${language}-${name}`);
    if (label !== null) element.setAttribute(attribute, label);
  }
}

function switchTo(chosen) {
  language = chosen === "th" ? "th" : "en";
  root.lang = language;
  for (const element of document.querySelectorAll("[data-en], [data-en-label]")) speak(element);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const card of cards.values()) if (!card.isConnected) card.querySelectorAll("[data-en]").forEach(speak);
}

// Building blocks

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function both(tag, [thai, english], attributes = {}) {
  const element = make(tag, { ...attributes, "data-th": thai, "data-en": english });
  speak(element);
  return element;
}

function say(key, tag = "span", attributes = {}) {
  return both(tag, data.texts[key], attributes);
}

function figure(value) {
  return value === null ? "–" : value.toFixed(3);
}

// `text` with every occurrence of the `quotes` marked, however they overlap
function marked(text, quotes) {
  const spans = [];
  for (const quote of quotes) {
    if (!quote) continue;
    for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + quote.length)) spans.push([at, at + quote.length]);
  }
  spans.sort((one, two) => one[0] - two[0]);
  const pieces = [];
  let done = 0;
  for (const [start, end] of spans) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    pieces.push(text.slice(done, from), make("mark", {}, text.slice(from, end)));
    done = end;
  }
  return [...pieces, text.slice(done)];
}

// Cards

function article(seen, gold) {
  const title = seen.title || null;
  const name = title ? make("span", { class: "title", lang: seen.lang, dir: "auto" }, title) : say("row.untitled", "span", { class: "title" });
  return make(
    "span", { class: "article" },
    seen.url ? make("a", { href: seen.url, rel: "noreferrer noopener", target: "_blank" }, name) : name, " ",
    gold ? say("row.gold", "span", { class: "badge gold" }) : null, " ",
    make("span", { class: "of" },
      seen.source ? make("span", { dir: "auto" }, seen.source) : say("row.outlet"), " · ",
      seen.day ? both("span", data.days[seen.day]) : say("row.undated"), " · ", make("code", {}, seen.id)),
  );
}

function answered(row) {
  const known = new Set(row.citations.map((cited) => String(cited.n)));
  const pieces = row.said.split(/(\[\d+\])/).map((piece) => {
    const number = /^\[(\d+)\]$/.exec(piece);
    if (!number) return piece;
    if (known.has(number[1])) return make("span", { class: "ref" }, piece);
    return make("span", { class: "ref broken" }, piece, " ", say("row.broken"));
  });
  return make("p", { class: "said", lang: row.said_lang, dir: "auto" }, ...pieces);
}

function part(key, ...children) {
  return make("section", { class: "part" }, say(key, "h4"), ...children);
}

function listing(tag, items, attributes = {}) {
  return make(tag, attributes, ...items.map((item) => make("li", {}, ...[item].flat())));
}

function expected(row) {
  const gold = row.evidence.map(([id, title, quote]) => [
    quote ? make("blockquote", { dir: "auto" }, quote) : null,
    make("span", { class: "of" }, title ? make("span", { dir: "auto" }, title) : null, title ? " · " : null, make("code", {}, id)),
  ]);
  const answers = row.answers.length
    ? listing("ul", row.answers.map((answer) => make("span", { dir: "auto" }, answer)), { class: "accepted" })
    : say(row.answerable ? "row.unlisted" : "row.abstain", "p");
  return make(
    "div", { class: "expected" }, part("row.expected", answers),
    gold.length ? part("row.evidence", row.all ? say("row.all", "p", { class: "note" }) : null, listing("ul", gold, { class: "quotes" })) : null,
  );
}

function said(row) {
  const sources = row.citations.map((cited) => [
    make("span", { class: "ref" }, `[${cited.n}]`), " ",
    article(cited, cited.gold), make("blockquote", { lang: cited.lang, dir: "auto" }, cited.quote)]);
  const nearest = row.nearest.map(([title, day]) => [
    title ? make("span", { dir: "auto" }, title) : say("row.untitled"), " · ", day ? both("span", data.days[day]) : say("row.undated")]);
  return make(
    "div", {},
    part("row.said",
      row.short ? make("p", {}, say("row.short"), ": ", make("strong", { dir: "auto" }, row.short)) : null,
      answered(row)),
    row.unsupported.length ? part("row.unsupported", listing("ul", row.unsupported.map((text) => make("span", { dir: "auto" }, text)))) : null,
    sources.length ? part("row.sources", listing("ul", sources, { class: "quotes" })) : null,
    nearest.length ? part("row.nearest", listing("ul", nearest)) : null,
  );
}

function retrieved(row) {
  const quotes = row.evidence.map(([, , quote]) => quote);
  const hits = row.hits.map((hit) =>
    make("details", { class: hit.gold ? "hit gold" : "hit", open: hit.gold },
      make("summary", {}, make("span", { class: "rank" }, String(hit.rank)), article(hit, hit.gold)),
      make("p", { lang: hit.lang, dir: "auto" }, ...marked(data.passages[hit.at], hit.gold ? quotes : []))));
  return part("row.hits", hits.length ? make("div", { class: "hits" }, ...hits) : say("row.nothing", "p"));
}

function valued(row) {
  const values = row.values.map(([name, value, low]) =>
    make("div", { class: low ? "low" : "" }, say(`metric.${name}`, "dt"), make("dd", {}, figure(value))));
  if (row.ms !== null) {
    const ms = data.texts["row.ms"].map((text) => text.replace("{ms}", row.ms.toFixed(0)));
    values.push(make("div", {}, say("row.time", "dt"), both("dd", ms)));
  }
  return part("row.values", make("dl", { class: "values" }, ...values));
}

function body(row) {
  const before = row.history.map(([question, answer]) => [
    make("span", { dir: "auto" }, question), answer ? make("span", { class: "then", dir: "auto" }, answer) : null]);
  return make(
    "div", { class: "body" },
    before.length ? part("row.before", listing("ol", before, { class: "history" })) : null,
    make("div", { class: "columns" },
      make("div", { class: "column" }, expected(row), retrieved(row)), make("div", { class: "column" }, said(row), valued(row))),
  );
}

function card(row) {
  const sure = row.confidence === null ? "–" : row.confidence.toFixed(2);
  const wrongly = row.abstained ? "row.silent" : "row.spoke";
  const element = make(
    "details", { class: row.failed.length ? "card failed" : "card", "data-id": row.id },
    make("summary", {},
      make("span", { class: "asked", lang: row.lang, dir: "auto" }, row.asked),
      make("span", { class: "facts" },
        make("code", {}, row.id),
        say(`type.${row.type}`, "span", { class: "badge" }),
        say(row.lang, "span", { class: `badge ${row.lang}` }),
        row.abstained && !row.failed.includes("abstention") ? say("row.abstained", "span", { class: "badge" }) : null,
        make("span", { class: "sure" }, say("row.confidence"), ` ${sure}`),
        ...row.failed.filter((failure) => failure !== "answer" || !row.abstained).map((failure) => say(failure === "abstention" ? wrongly : `show.${failure}`, "span", { class: "badge bad" })))));
  element.addEventListener("toggle", () => {
    if (element.open && element.childElementCount === 1) element.append(body(row));
  });
  return element;
}

// Filters

const folded = (text) => text.normalize("NFKC").toLowerCase();
const haystacks = data.rows.map((row) =>
  folded([row.id, row.asked, row.said, ...row.history.flat(), ...row.answers, ...row.evidence.map((found) => found[2]),
    ...row.citations.flatMap((cited) => [cited.title, cited.quote]), ...row.hits.map((hit) => hit.title)].join("\n")));
const cards = new Map();

function passing() {
  const { q, show, asked, type, sort } = Object.fromEntries(new FormData(form));
  const words = folded(q).split(/\s+/).filter(Boolean);
  const found = data.rows.map((row, at) => at).filter((at) => {
    const row = data.rows[at];
    return (show === "all" || (show === "failed" ? row.failed.length > 0 : row.failed.includes(show))) &&
      (!asked || row.lang === asked) && (!type || row.type === type) && words.every((word) => haystacks[at].includes(word));
  });
  const order = { sure: -1, unsure: 1 }[sort];
  if (order) found.sort((one, two) => order * ((data.rows[one].confidence ?? -1) - (data.rows[two].confidence ?? -1)) || one - two);
  return found;
}

function refresh() {
  const found = passing();
  for (const at of found) if (!cards.has(at)) cards.set(at, card(data.rows[at]));
  list.replaceChildren(...(found.length ? found.map((at) => cards.get(at)) : [say("rows.empty", "p", { class: "none" })]));
  const filled = data.texts["rows.found"].map((text) =>
    text.replace("{shown}", found.length.toLocaleString("en")).replace("{count}", data.rows.length.toLocaleString("en")));
  document.getElementById("found").replaceChildren(both("span", filled));
}

// What the address remembers, after the #: nothing is stored

function remember() {
  const state = new URLSearchParams({ lang: language });
  for (const [name, value] of new FormData(form)) {
    const field = form.elements[name];
    if (value && value !== (field.options ? field.options[0].value : "")) state.set(name, value);
  }
  history.replaceState(null, "", `#${state}`);
}

// Where nothing failed, the failures are an empty list: show all
function preset() {
  if (!data.rows.some((row) => row.failed.length)) form.elements.show.value = "all";
}

function recall() {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const name of ["q", "show", "asked", "type", "sort"]) {
    const field = form.elements[name];
    const value = state.get(name);
    if (value === null || (field.options && ![...field.options].some((option) => option.value === value))) {
      if (field.options) field.selectedIndex = 0;
      else field.value = "";
    } else field.value = value;
  }
  if (!state.has("show")) preset();
  refresh();
  switchTo(state.get("lang") ?? (navigator.languages.find((tag) => /^(th|en)\b/i.test(tag)) ?? "en").slice(0, 2).toLowerCase());
}

function changed() {
  refresh();
  remember();
}

form.addEventListener("input", changed);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("clear").addEventListener("click", () => {
  form.reset();
  preset();
  changed();
});
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    switchTo(button.dataset.language);
    remember();
  });
}
for (const link of document.querySelectorAll("[data-section]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address keeps the language
    const heading = document.getElementById(`${link.dataset.section}-heading`);
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  });
}
const metric = document.getElementById("metric");
metric?.addEventListener("input", () => {
  for (const chart of document.querySelectorAll("[data-metric]")) chart.hidden = chart.dataset.metric !== metric.value;
});
addEventListener("hashchange", recall);
recall();
