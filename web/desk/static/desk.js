// What makes the desk quicker; without it everything still works.
// Keys move through the queue and open forms, the queue renews itself, and "?" shows the keys.
"use strict";

const KEYS = "desk keys";
const EVERY = 10_000;

function typing(target) {
  return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
}

function rows() {
  return [...document.querySelectorAll("table.queue tbody tr")];
}

function current() {
  return rows().findIndex((row) => row.contains(document.activeElement));
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const next = Math.min(Math.max(current() + step, 0), all.length - 1);
  all[next].querySelector("a").focus();
}

function choose() {
  const row = rows()[current()];
  const box = row && row.querySelector("input[name=case]");
  if (box) box.checked = !box.checked;
}

// Opens a form of the case and goes to its first field.
function openDeed(name) {
  const form = document.querySelector(`form[action$="/${name}"]`);
  if (!form) return;
  const fold = form.closest("details");
  if (fold) fold.open = true;
  const field = form.querySelector("input:not([type=hidden]), select, textarea, button");
  form.scrollIntoView({ block: "center" });
  if (field) field.focus();
}

// Does something to the chosen cases of the queue, else to the one with the focus; tells whether there is a queue.
function toChosen(deed, value) {
  const bulk = document.getElementById("bulk");
  if (!bulk || !bulk.elements.deed) return false;
  const chosen = "input[name=case]:checked, input[name=all]:checked";
  if (!bulk.querySelector(chosen)) choose();
  if (!bulk.querySelector(chosen)) return true; // neither chosen nor with the focus: there is nothing to do it to
  bulk.elements.deed.value = deed;
  bulk.elements.value.value = value;
  bulk.requestSubmit();
  return true;
}

function takeOver() {
  const mine = document.querySelector("[data-visitor]").dataset.visitor;
  const form = document.querySelector('form[action$="/assign"]');
  if (toChosen("assign", mine) || !form) return;
  form.elements.name.value = mine;
  form.requestSubmit();
}

const KINDS = ["access", "rectification", "erasure", "restriction", "portability", "objection", "objection_marketing", "withdraw_consent", "automated_decision"];
const places = { q: "/", d: "/dashboard", m: "/mail", r: "/reports" };
const deeds = { n: "note", r: "answer", w: "write", e: "extend", p: "ask", v: "identify", f: "forward", c: "decide" };
const acts = {
  j: () => move(1),
  k: () => move(-1),
  x: choose,
  a: takeOver,
  s: () => toChosen("spam", ""),
  m: () => toChosen("merge", "") || openDeed("merge"),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};
KINDS.forEach((kind, at) => {
  acts[at + 1] = () => toChosen("correct", kind);
});
let goes = false;

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (localStorage.getItem(KEYS) === "off" && event.key !== "?") return;
  if (document.querySelector("dialog[open]")) return;
  if (goes) {
    goes = false;
    if (places[event.key]) location.assign(places[event.key]);
    return;
  }
  if (event.key === "g") goes = true;
  else if (acts[event.key]) acts[event.key]();
  else if (deeds[event.key]) openDeed(deeds[event.key]);
  else return;
  event.preventDefault();
}

function keySwitch() {
  const box = document.getElementById("keys-on");
  if (!box) return;
  box.checked = localStorage.getItem(KEYS) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
}

// Puts a newer list in the place of the present one; what is chosen stays chosen, and the focus stays where it was.
function renew(place, text) {
  const chosen = new Set([...place.querySelectorAll("input[name=case]:checked")].map((box) => box.value));
  const focused = place.contains(document.activeElement) ? document.activeElement.closest("tr")?.querySelector("a")?.href : null;
  const wasLink = document.activeElement?.tagName === "A";
  place.innerHTML = text;
  for (const box of place.querySelectorAll("input[name=case]")) box.checked = chosen.has(box.value);
  const link = focused && [...place.querySelectorAll("tbody a")].find((one) => one.href === focused);
  if (link) (wasLink ? link : link.closest("tr").querySelector("input") ?? link).focus({ preventScroll: true });
}

function watch(place) {
  let known = null;
  const look = async () => {
    if (document.hidden) return;
    const address = place.dataset.live;
    const answer = await fetch(`${address}${address.endsWith("?") ? "" : "&"}part=list`, { redirect: "error" });
    if (!answer.ok) return;
    const text = await answer.text();
    if (known !== null && text !== known) {
      renew(place, text);
      document.querySelector("[data-news]").textContent = "The queue has changed.";
    }
    known = text;
  };
  const quietly = () => look().catch(() => {}); // logged out, or the service is being restarted: the next look tells
  quietly();
  setInterval(quietly, EVERY);
}

document.addEventListener("keydown", onKey);
keySwitch();
for (const place of document.querySelectorAll("[data-live]")) watch(place);
