"use strict";
// The table of picks: put in order by its header, and filtered.
(() => {
  const table = document.getElementById("picks"), body = table.tBodies[0], rows = [...body.rows];
  const cell = (row, key) => row.querySelector(`[data-key="${key}"]`);
  const text = new Map(rows.map((row) => [row, row.textContent.toLocaleLowerCase()]));
  const sortBy = (button) => {
    const key = button.dataset.key, header = button.closest("th");
    const first = "number" in button.dataset ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const way = header.getAttribute("aria-sort") === first ? other : first;
    table.querySelectorAll("th[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", way);
    const numeric = cell(rows[0], key).dataset.sort !== undefined, sign = way === "ascending" ? 1 : -1;
    const value = (row) => numeric ? Number(cell(row, key).dataset.sort.replace("inf", "Infinity"))
      : cell(row, key).textContent.trim();
    const compare = (one, two) => numeric ? (one === two ? 0 : one < two ? -1 : 1)
      : one.localeCompare(two, undefined, {numeric: true, sensitivity: "base"});
    const order = rows.map((row) => [value(row), row]);
    order.sort((one, two) => sign * compare(one[0], two[0]));
    body.append(...order.map(([, row]) => row));
  };
  const find = document.getElementById("find"), tier = document.getElementById("tier");
  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const kept = (!tier.value || row.dataset.tier === tier.value) && words.every((word) => text.get(row).includes(word));
      row.hidden = !kept;
      shown += kept;
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
  };
  if (rows.length) {
    table.tHead.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) sortBy(button);
    });
  }
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", filter);
  tier.addEventListener("change", filter);
  addEventListener("pageshow", filter);
})();
