// Single keys, listed at /keys and switched off there (pages/account/keys.py). Nothing works by them alone.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll(".rows tbody tr")];
  const here = () => document.activeElement.closest(".rows tbody tr");
  const box = (row) => row.querySelector('input[name="ref"]');

  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    (box(row) || row.querySelector("a")).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const open = (field) => {
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  };

  const acknowledge = () => {
    const single = document.querySelector("form#acknowledgement");
    if (single) return single.requestSubmit();
    const form = document.querySelector("form#several");
    if (!form) return;
    const row = here();
    if (row && box(row) && !document.querySelector('input[name="ref"]:checked')) box(row).checked = true;
    if (document.querySelector('input[name="ref"]:checked')) {
      form.requestSubmit(form.querySelector('button[value="acknowledgement"]'));
    }
  };

  const write = () => {
    const field = document.querySelector("#notes-text") || document.querySelector("#several-text");
    if (field) open(field);
  };

  const agree = () => {
    const form = document.querySelector('.asked form[action$="/agreement"]');
    if (form) form.requestSubmit();
  };

  const doing = {
    "/": () => document.querySelector(".find input").focus(),
    "?": () => location.assign("/keys"),
    j: () => move(1),
    k: () => move(-1),
    a: acknowledge,
    y: agree,
    r: write,
    c: () => location.assign("/issues/new"),
    g: () => location.assign("/issues"),
    d: () => location.assign("/"),
  };

  const isTyping = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest(".rows tbody tr");
    if (event.key === "Enter" && row && event.target === box(row)) {
      event.preventDefault(); // where it would send the form of several
      row.querySelector("a").click();
    } else if (Object.hasOwn(doing, event.key) && !isTyping(event.target)) {
      event.preventDefault();
      doing[event.key]();
    }
  });
})();
