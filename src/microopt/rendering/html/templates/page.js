"use strict";
// What the scripts below share: the data of the page, and how its language writes numbers.
const page = JSON.parse(document.getElementById("data").textContent);
const written = {
  text: (message, values) => message.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place),
  number: (value, digits = 0) => value.toLocaleString(page.language, {maximumFractionDigits: digits}),
  count: (value) => Math.abs(value) < 10000 ? written.number(value)
    : value.toLocaleString(page.language, {notation: "compact", minimumSignificantDigits: 1, maximumSignificantDigits: 3}),
  conversions: (value) => value < 9.95 ? written.number(value, 1) : written.count(value),
  money: (value) => {
    const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
    const format = {style: "currency", currency: page.currency, minimumFractionDigits: digits, maximumFractionDigits: digits};
    return value.toLocaleString(page.language, format);
  },
};
// A page that is printed shows what a reader would have opened; what was closed is closed again.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  opened.forEach((one) => { one.open = true; });
});
addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
