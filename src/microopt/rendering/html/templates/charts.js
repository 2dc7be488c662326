"use strict";
// Draws the charts; every other script finds them by name once they are there.
const page = JSON.parse(document.getElementById("data").textContent);
const views = {}, ERRORS = 1;
const drawn = Promise.all(Object.entries(page.charts).map(async ([name, spec]) => {
  const place = document.getElementById(`chart-${name}`);
  spec.config.legend.columns = Math.max(1, Math.floor(place.clientWidth / 120));
  const options = {
    actions: false, logLevel: ERRORS, ast: true, defaultStyle: false, renderer: "svg", tooltip: {disableDefaultStyle: true, theme: ""},
  };
  views[name] = (await vegaEmbed(place, spec, options)).view;
}));
drawn.then(() => { document.documentElement.dataset.drawn = "yes"; });
// A page that is printed shows what a reader would have opened.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
