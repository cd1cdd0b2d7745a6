"use strict";
// Headings sort their table; a link to a figure's source opens what it stands in.
const number = (text) => { const found = text.replace(/[^\d.+-]/g, ""); return /\d/.test(found) ? parseFloat(found) : NaN; };
const order = new Intl.Collator("zh").compare;
function sort(button) {
  const head = button.closest("th"), table = head.closest("table"), body = table.tBodies[0];
  const column = [...head.parentNode.children].indexOf(head), words = head.dataset.words !== undefined;
  const now = head.getAttribute("aria-sort"), down = now ? now === "ascending" : !words;
  for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const keyed = [...body.rows].map((row) => {
    const text = row.cells[column].textContent.trim();
    return { row, key: words ? text : number(text) };
  });
  keyed.sort((a, b) => {
    if (words) return down ? order(b.key, a.key) : order(a.key, b.key);
    if (isNaN(a.key) || isNaN(b.key)) return isNaN(a.key) - isNaN(b.key);
    return down ? b.key - a.key : a.key - b.key;
  });
  body.append(...keyed.map((one) => one.row));
}
for (const head of document.querySelectorAll("table.sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(button));
  head.append(button);
}
// By keyboard a unit's name leads to all its figures; a stop at each of thousands would help nobody.
for (const link of document.querySelectorAll("td > a")) link.tabIndex = -1;
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const card = target && target.closest("details");
  if (card) { card.open = true; target.scrollIntoView({ block: "center" }); }
}
addEventListener("hashchange", reveal);
reveal();
