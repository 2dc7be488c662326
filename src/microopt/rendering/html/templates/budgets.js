"use strict";
// The slider over budgets: shows the plan of the budget that it stands at.
(() => {
  const budgets = page.budgets;
  if (!budgets) return;
  const at = (id) => document.getElementById(`budget${id}`);
  const slider = at("");
  const made = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const isolated = (tag, text, name) => {
    const element = made(tag, undefined, name);
    element.append(made("bdi", text, text.length > 24 ? "name" : ""));
    return element;
  };
  const figure = ([name, value, change], own) => {
    const box = made("div"), shown = made("dd");
    const note = own ? "this plan" : change === "same" ? "as in this plan" : change && `${change} against this plan`;
    shown.append(made("span", value, "value"), made("span", note, "note"));
    box.append(made("dt", name), shown);
    return box;
  };
  const tierRow = ([tier, ...cells]) => {
    const row = made("tr"), head = isolated("th", tier);
    head.scope = "row";
    row.append(head, ...cells.slice(0, 3).map((cell) => made("td", cell, "number")));
    return row;
  };
  const listed = (numbers, name) => numbers.map((number) => isolated("li", budgets.names[number], name));
  const named = (numbers) => numbers.map((number) => budgets.names[number]).join(", ");
  const spoken = (point) => {
    const parts = [`Budget ${point.money}`, ...point.figures.map(([name, value]) => `${name} ${value}`)];
    if (point.status) parts.push(point.status);
    if (point.new.length) parts.push(`new: ${named(point.new)}`);
    if (point.gone.length) parts.push(`no longer in it: ${named(point.gone)}`);
    return `${parts.join("; ")}.`;
  };
  const show = (number, speak) => {
    const point = budgets.points[number], own = number === budgets.own;
    slider.value = number;
    slider.setAttribute("aria-valuetext", point.money);
    at("-shown").textContent = at("-name").textContent = point.money;
    at("-status").textContent = point.status;
    at("-status").hidden = !point.status;
    at("-figures").replaceChildren(...point.figures.map((one) => figure(one, own)));
    at("-figures").hidden = !point.figures.length;
    at("-mix").replaceChildren(...point.mix.map(tierRow));
    at("-names").replaceChildren(...listed(point.new, "new"), ...listed(point.kept));
    at("-gone").replaceChildren(...listed(point.gone));
    at("-gone-title").hidden = !point.gone.length;
    at("-own").disabled = own;
    if (speak) at("-live").textContent = spoken(point);
    drawn.then(() => { if (views.frontier) views.frontier.signal("chosen", point.budget).runAsync(); });
  };
  slider.addEventListener("input", () => show(Number(slider.value), true));
  at("-own").addEventListener("click", () => { show(budgets.own, true); slider.focus(); });
  drawn.then(() => {
    if (!views.frontier) return;
    views.frontier.addEventListener("click", (event, item) => {
      const money = item && item.datum && item.datum.budget;
      const number = budgets.points.findIndex((point) => point.budget === money);
      if (number >= 0) show(number, true);
    });
  });
  addEventListener("beforeprint", () => show(budgets.own, false));
  addEventListener("pageshow", () => show(budgets.own, false));
})();
