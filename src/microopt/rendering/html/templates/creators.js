"use strict";
// The table of creators: put in order, filtered with totals that follow, copied, and saved for a spreadsheet.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const table = document.getElementById("picks"), body = table.tBodies[0], rows = [...body.rows];
  const {keys, titles, rows: values, facets, tiers} = page.creators;
  const field = Object.fromEntries(keys.map((key, number) => [key, number]));
  const find = document.getElementById("find"), sorter = document.getElementById("order");
  const selects = [...form.querySelectorAll("[data-facet]")], total = document.getElementById("total");
  const cells = [...table.querySelectorAll("[data-total]")], whole = cells.map((cell) => cell.textContent);
  const all = total.textContent, more = document.getElementById("more");
  // Of a long list, only the first rows are laid out, so that every click is answered at once; paper has all of them.
  const FEW = 100;
  let most = rows.length > 2 * FEW ? FEW : rows.length;
  let order = rows.map((_, number) => number), shown = order, texts;
  const show = () => {
    body.replaceChildren(...shown.slice(0, most).map((number) => rows[number]));
    more.hidden = shown.length <= most;
  };

  const compare = (key) => {
    if (key === "tier") {
      const places = values.map((row) => tiers.indexOf(row[field.tier]));
      return (one, two) => places[one] - places[two];
    }
    const column = field[key], last = key === "cpe" || key === "cpa" ? Infinity : -Infinity;
    if (values.some((row) => typeof row[column] === "number")) {
      const amounts = values.map((row) => row[column] ?? last);
      return (one, two) => amounts[one] === amounts[two] ? 0 : amounts[one] < amounts[two] ? -1 : 1;
    }
    const words = new Intl.Collator(page.language, {numeric: true, sensitivity: "base"});
    return (one, two) => words.compare(values[one][column], values[two][column]);
  };
  const sortBy = (key, descending) => {
    table.querySelectorAll("th[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    order = rows.map((_, number) => number);
    sorter.value = key;
    if (key) {
      const sign = descending ? -1 : 1, by = compare(key);
      order.sort((one, two) => sign * by(one, two));
      const header = table.querySelector(`button[data-key="${key}"]`).closest("th");
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    }
    const kept = new Set(shown);
    shown = order.filter((number) => kept.has(number));
    show();
  };
  const sum = (key) => shown.reduce((amount, number) => amount + (values[number][field[key]] ?? 0), 0);
  const ratio = (one, two) => two ? written.money(one / two) : "-";
  const figures = {
    cost: () => written.money(sum("cost")), reach: () => written.count(sum("reach")),
    engagements: () => written.count(sum("engagements")), conversions: () => written.conversions(sum("conversions")),
    cpe: () => ratio(sum("cost"), sum("engagements")), cpa: () => ratio(sum("cost"), sum("conversions")),
  };
  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const named = ["creator", "offer", "platform", "region", "tier", "niche"].map((key) => field[key]);
    if (words.length) texts ??= values.map((row) => named.map((column) => row[column]).join(" ").toLocaleLowerCase());
    const chosen = selects.filter((one) => one.value).map((one) => [facets[one.dataset.facet], Number(one.value)]);
    const kept = (number) => chosen.every(([of, value]) => of[number].includes(value))
      && words.every((word) => texts[number].includes(word));
    shown = order.filter(kept);
    show();
    const count = (numbers) => new Set(numbers.map((number) => values[number][field.creator])).size;
    const every = shown.length === rows.length;
    const text = written.text(page.texts.shown, {shown: written.number(count(shown)), all: written.number(count(order))});
    total.textContent = every ? all : text;
    cells.forEach((cell, number) => { cell.textContent = every ? whole[number] : figures[cell.dataset.total](); });
    document.getElementById("shown").textContent = every ? "" : text;
  };

  const lines = () => [titles, ...shown.map((number) => values[number])];
  const comma = (1.5).toLocaleString(page.language).includes(",");
  const cell = (value) => typeof value === "number" ? String(value).replace(".", comma ? "," : ".") : value ?? "";
  const quoted = (value) => typeof value === "number" ? cell(value) : `"${cell(value).replaceAll('"', '""')}"`;
  const say = (message) => { document.getElementById("shown").textContent = message; };
  const copy = async () => {
    const text = lines().map((line) => line.map((value) => String(cell(value)).replace(/[\t\r\n]/g, " ")).join("\t")).join("\n");
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // a browser that allows it only to a selection
      const area = document.body.appendChild(Object.assign(document.createElement("textarea"), {value: text}));
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(written.text(page.texts.copied, {rows: written.number(shown.length)}));
  };
  const save = () => {
    const text = lines().map((line) => line.map(quoted).join(comma ? ";" : ",")).join("\r\n");
    const address = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], {type: "text/csv;charset=utf-8"}));
    const link = Object.assign(document.createElement("a"), {href: address, download: page.texts.file});
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const first = "number" in button.dataset, now = button.closest("th").getAttribute("aria-sort");
    sortBy(button.dataset.key, now ? now === "ascending" : first);
  });
  sorter.addEventListener("change", () => {
    const button = sorter.value && table.querySelector(`button[data-key="${sorter.value}"]`);
    sortBy(sorter.value, Boolean(button) && "number" in button.dataset);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", filter);
  selects.forEach((one) => one.addEventListener("change", filter));
  document.getElementById("copy").addEventListener("click", copy);
  document.getElementById("save").addEventListener("click", save);
  more.addEventListener("click", () => { most = rows.length; show(); });
  addEventListener("beforeprint", () => body.replaceChildren(...shown.map((number) => rows[number])));
  addEventListener("afterprint", show);
  addEventListener("pageshow", filter);
})();
