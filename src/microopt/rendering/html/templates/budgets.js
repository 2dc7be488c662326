"use strict";
// The slider: shows the plan of each budget.
(() => {
  const budgets = page.budgets, slider = document.getElementById("budget");
  if (!slider) return;
  const at = (name) => document.getElementById(`budget${name}`);
  const make = (tag, text, name) => Object.assign(document.createElement(tag), {textContent: text, className: name || ""});
  const within = (tag, children, name) => {
    const one = make(tag, "", name);
    one.append(...children);
    return one;
  };
  const figure = ([name, value, change], own) => within("div", [
    make("dt", name), within("dd", [make("span", value, "value"), make("span", own ? page.texts.own : change, "note")]),
  ]);
  const tierRow = ([tier, ...figures]) => {
    const first = within("th", [make("bdi", tier, tier.length > 24 ? "name" : "")]);
    first.scope = "row";
    return within("tr", [first, ...figures.map((text) => make("td", text, "number"))]);
  };
  const named = (numbers) => numbers.map((number) => budgets.names[number]).join(", ");
  const listed = (numbers, name) => numbers.map((number) => within("li", [make("bdi", budgets.names[number])], name));
  const spoken = (point) => {
    const parts = [point.money, ...point.figures.map(([name, value]) => `${name} ${value}`)];
    if (point.status) parts.push(point.status);
    if (point.new.length) parts.push(written.text(page.texts.added, {names: named(point.new)}));
    if (point.gone.length) parts.push(written.text(page.texts.dropped, {names: named(point.gone)}));
    return `${parts.join("; ")}.`;
  };
  // In each drawing of the chart, the budgets with a plan have a dot each, of each line after the other.
  const planned = budgets.points.map((_, number) => number).filter((number) => budgets.points[number].figures.length);
  const drawings = [...document.querySelectorAll("#budgets .chart svg")].map((svg) => {
    const dots = [...svg.querySelectorAll(".dots path")], own = svg.querySelector(".chosen line");
    const mark = own.parentNode.appendChild(own.cloneNode());
    mark.setAttribute("class", "mark");
    dots.forEach((dot, number) => {
      dot.addEventListener("click", () => show(planned[number % planned.length], true));
    });
    return {dots, mark};
  });
  const move = (number) => {
    const place = planned.indexOf(number);
    for (const {dots, mark} of drawings) {
      const dot = dots[place];
      mark.style.visibility = dot && number !== budgets.own ? "visible" : "hidden";
      if (dot) mark.setAttribute("transform", dot.getAttribute("transform").replace(/[ ,][^,]*\)$/, ",0)"));
    }
  };
  const show = (number, speak) => {
    const point = budgets.points[number], own = number === budgets.own;
    slider.value = number;
    slider.setAttribute("aria-valuetext", point.money);
    at("-shown").textContent = point.money;
    at("-step").textContent = point.step;
    at("-status").textContent = point.status;
    at("-status").hidden = !point.status;
    at("-figures").replaceChildren(...point.figures.map((one) => figure(one, own)));
    at("-figures").hidden = !point.figures.length;
    at("-mix").replaceChildren(...point.mix.map(tierRow));
    at("-names").replaceChildren(...listed(point.new, "new"), ...listed(point.kept));
    at("-gone").replaceChildren(...listed(point.gone));
    at("-gone-title").hidden = !point.gone.length;
    at("-own").disabled = own;
    move(number);
    if (speak) at("-live").textContent = spoken(point);
  };
  slider.addEventListener("input", () => show(Number(slider.value), true));
  at("-own").addEventListener("click", () => { show(budgets.own, true); slider.focus(); });
  addEventListener("pageshow", () => show(budgets.own, false));
})();
