// What is typed stays on the device until it is sent: per form, seven days at most, enciphered under a key that pages
// carry for this person alone. Nothing is needed of it: without scripts, or without WebCrypto, forms work all the same.
"use strict";

(async () => {
  const BEGIN = "draft:", OUT = "drafts-out", DAYS = 7, SENT = "tracker-sent";
  const today = () => Math.floor(Date.now() / 864e5), loaded = Date.now();
  const forget = (which) => Object.keys(localStorage)
    .filter((name) => name.startsWith(BEGIN) && which(name)).forEach((name) => localStorage.removeItem(name));
  forget((name) => !(today() - parseInt(localStorage[name]) < DAYS)); // anybody's
  const sent = document.cookie.match(`(?:^|; )${SENT}=([0-9a-f]{32})`);
  if (sent) {
    forget((name) => name.endsWith(sent[1]));
    document.cookie = `${SENT}=; Max-Age=0; Path=/`;
  }

  const meta = document.querySelector('meta[name="drafts"]');
  if (!meta || !window.crypto?.subtle) return;
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const text = (given) => btoa(Array.from(given, (each) => String.fromCharCode(each)).join(""));
  const covered = bytes(meta.content.replaceAll("-", "+").replaceAll("_", "/")), half = covered.length / 2;
  const raw = covered.slice(0, half).map((each, at) => each ^ covered[half + at]);
  meta.remove();
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const named = async (what) => {
    const digest = await crypto.subtle.digest("SHA-256", await new Blob([raw, what]).arrayBuffer());
    return Array.from(new Uint8Array(digest), (each) => each.toString(16).padStart(2, "0")).join("").slice(0, 32);
  };
  const mine = `${BEGIN}${(await named("owner")).slice(0, 16)}:`;

  const WRITTEN = 'textarea, input[type="text"], input[type="email"]', LEFT = /hidden|password|file|submit|button|fieldset|reset/;
  const drafts = new Map();
  const values = (form) => {
    const found = {};
    for (const each of form.elements) {
      if (!each.name || LEFT.test(each.type)) continue;
      const is = /checkbox|radio/.test(each.type) ? each.checked : true;
      (found[each.name] ||= []).push(...(is ? [each.value] : []));
    }
    return found;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const isWorth = (form, kept) => [...form.querySelectorAll(WRITTEN)].some((each) => kept[each.name]?.some((one) => one.trim()));

  const draftOf = (form, pristine) => {
    if (!drafts.has(form)) drafts.set(form, begun(form, pristine));
    return drafts.get(form);
  };
  const begun = async (form, pristine) => {
    const action = form.getAttribute("action");
    const alike = [...document.forms].filter((each) => each.getAttribute("action") === action).indexOf(form);
    const id = await named(`${action} ${alike}`);
    const field = form.querySelector('input[name="draft"]') || form.appendChild(document.createElement("input"));
    Object.assign(field, { type: "hidden", name: "draft", value: id }); // what was sent, the answer says by it
    return { form, pristine, name: mine + id, kept: {}, isSaving: false, isChanged: false, isOver: false };
  };
  const save = async (draft) => {
    draft.isChanged = true;
    if (draft.isSaving) return;
    draft.isSaving = true;
    while (draft.isChanged && !draft.isOver) {
      draft.isChanged = false;
      const now = values(draft.form);
      for (const each in now) if (each in draft.kept || !same(now[each], draft.pristine[each])) draft.kept[each] = now[each];
      if (!isWorth(draft.form, draft.kept)) localStorage.removeItem(draft.name);
      else {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const plain = new TextEncoder().encode(JSON.stringify({ at: Date.now(), kept: draft.kept }));
        const hidden = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
        try {
          if (!draft.isOver) localStorage[draft.name] = `${today()}.${text(iv)}.${text(hidden)}`;
        } catch { /* no room: the form itself still has it */ }
      }
    }
    draft.isSaving = false;
  };
  const found = async (draft) => {
    const [, iv, hidden] = (localStorage[draft.name] || "").split(".");
    if (!hidden) return null;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(hidden));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch { return null; }
  };
  const say = (form, words, role) => {
    form.querySelector("[data-typed]")?.remove();
    const line = document.createElement("p");
    line.className = "moved";
    line.dataset.typed = "";
    line.setAttribute("role", role);
    line.textContent = words;
    form.prepend(line);
    return line;
  };
  const when = (at) => {
    const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { weekday: "short", day: "numeric", month: "short" };
    return new Date(at).toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
  };
  const restore = async (draft) => {
    const { form } = draft, was = await found(draft);
    if (!was) return;
    const left = structuredClone(draft.kept = was.kept);
    for (const each of form.elements) {
      if (!(each.name in left) || LEFT.test(each.type)) continue;
      if (/checkbox|radio/.test(each.type)) each.checked = left[each.name].includes(each.value);
      else each.value = left[each.name].shift() ?? each.value;
    }
    if (same(values(form), draft.pristine)) return;
    for (const each of form.elements) {
      if (each.name in draft.kept) for (let part = each; (part = part.parentElement.closest("details"));) part.open = true;
    }
    const discard = document.createElement("button");
    Object.assign(discard, { type: "button", className: "quiet", textContent: "Discard" });
    discard.addEventListener("click", () => {
      localStorage.removeItem(draft.name);
      draft.kept = {};
      form.reset();
      form.querySelector("[data-typed]").remove();
    });
    say(form, `Kept from ${when(was.at)}. `, "status").append(discard);
  };

  const hasWords = (form) => form?.method === "post" && form.querySelector(WRITTEN);
  let isOut = false;
  const endAll = () => (isOut = true) && drafts.forEach(async (draft) => { (await draft).isOver = true; (await draft).form.reset(); });
  const answers = async () => {
    if (!navigator.onLine) return false;
    try {
      const icon = document.querySelector('link[rel="icon"]').href;
      return (await fetch(icon, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) })).status < 500;
    } catch (fault) { return fault.name === "TimeoutError"; } // slow: the browser may try
  };

  document.addEventListener("input", async ({ target: { form } }) => hasWords(form) && save(await draftOf(form, {})));
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (/^\/(sign-out|account\/sessions\/end)$/.test(form.getAttribute("action"))) {
      forget((name) => name.startsWith(mine));
      localStorage[OUT] = Date.now();
      endAll();
    }
    if (!hasWords(form) || event.defaultPrevented || submitter?.formTarget || form.isGoing) return;
    event.preventDefault();
    if (form.isAsking) return;
    form.isAsking = true;
    await save(await draftOf(form, {}));
    const isThere = await answers();
    form.isAsking = false;
    if (!isThere) say(form, "There is no network: what you wrote is kept here. Send it again.", "alert").scrollIntoView({ block: "nearest" });
    else {
      form.isGoing = true;
      form.requestSubmit(submitter);
      form.isGoing = false;
    }
  });
  addEventListener("storage", (event) => event.key === OUT && endAll());
  addEventListener("htmx:config:request", (event) => isOut && event.preventDefault()); // what was typed before is asked no more
  addEventListener("pageshow", (event) => event.persisted && +localStorage[OUT] > loaded && location.reload());
  for (const form of document.forms) if (hasWords(form)) await restore(await draftOf(form, values(form)));
})();
