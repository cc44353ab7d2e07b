"use strict";
/* Adding articles: a form is sent to a route of the page's own, shows how far that has come, and keeps what was typed until it is taken. */
(() => {
  const addresses = (text) =>
    text.split("\n").map((line) => line.trim()).filter(Boolean).map((typed) => (typed.includes("://") ? typed : `https://${typed}`));

  /* What is to be sent, or what keeps it from being sent. */
  function filled(form) {
    const told = form.dataset, fields = form.elements;
    if (fields.files) {
      const files = [...fields.files.files];
      if (!files.length) return { wrong: told.none };
      if (files.length > told.most) return { wrong: told.many };
      if (files.reduce((size, file) => size + file.size, 0) > told.mostBytes) return { wrong: told.large };
      return { body: new FormData(form) };
    }
    if (fields.urls) {
      const urls = addresses(fields.urls.value);
      if (!urls.length) return { wrong: told.none };
      return urls.length > told.most ? { wrong: told.many } : { json: { urls } };
    }
    if (!fields.body.value.trim()) return { wrong: told.none };
    if (new Blob([fields.body.value]).size > told.mostBytes) return { wrong: told.large };
    return { json: Object.fromEntries(new FormData(form)) };
  }

  function detail(request, told) {
    if (request.status === 401) return told.signedOut;
    try { return JSON.parse(request.responseText).detail || told.failed; } catch { return told.failed; }
  }

  function send(form, trigger) {
    const told = form.closest(".ways").dataset;
    const alert = form.querySelector(".alert"), sent = form.querySelector(".sent"), sending = form.querySelector(".sending");
    const bar = sending.querySelector("progress"), cancel = sending.querySelector("[data-cancel]");
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;

    const say = (wrong, well = "") => {
      alert.hidden = !wrong;
      alert.textContent = wrong;
      sent.textContent = well;
    };
    const work = filled(form);
    say(work.wrong || "");
    if (work.wrong) return;

    const request = new XMLHttpRequest();
    const busy = (is) => {
      sending.hidden = !is;
      button.setAttribute("aria-disabled", String(is));
    };
    const ended = (wrong, well) => {
      busy(false);
      say(wrong, well);
    };
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.upload.onload = () => bar.removeAttribute("value");
    request.onerror = () => ended(told.failed);
    request.onabort = () => ended("", told.cancelled);
    request.onload = () => {
      if (request.status !== 202) return ended(detail(request, told));
      form.reset();
      ended("", told.sent);
      trigger("submit", { sent: true });
    };
    cancel.onclick = () => request.abort();
    request.open("POST", form.dataset.send);
    request.setRequestHeader("Accept-Language", khao.ui);
    if (work.json) request.setRequestHeader("Content-Type", "application/json");
    bar.value = 0;
    busy(true);
    request.send(work.body || JSON.stringify(work.json));
  }

  /* The browser's own line for chosen files is in its language, not in the page's. */
  function showChosen(form) {
    const names = [...form.elements.files.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = file.name;
      return line;
    });
    form.querySelector(".chosen").replaceChildren(...names);
  }

  /* Calls back whenever the element comes to be shown: its tab is chosen, or what it is in is opened. */
  khao.whenShown = (element, shown) => {
    let width = 0;
    new ResizeObserver(() => {
      if (!width && element.offsetWidth) shown();
      width = element.offsetWidth;
    }).observe(element);
  };

  khao.adding = (element, trigger, first, again) => {
    khao.view(element, trigger);
    // Nothing is asked of the server for a page on which nobody looks at this.
    khao.whenShown(element, () => trigger(element.querySelector("form") ? again : first, {}));
    element.addEventListener("change", (event) => { if (event.target.type === "file") showChosen(event.target.form); });
    element.addEventListener("reset", (event) => event.target.querySelector(".chosen")?.replaceChildren());
    element.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-send]");
      if (!form) return;
      event.preventDefault();
      send(form, trigger);
    });
  };

  khao.speaking = (element) => {
    element.setAttribute("role", "status");
    element.setAttribute("aria-live", "polite");
  };
})();
