/** What a recording has and the plain page answers, as the kernel of the recording would. */

/** Bars with an axis, on a clear ground, as most tools write an SVG. */
export function bars(values) {
  const bar = (value, n) => `<rect x="${40 + n * 52}" y="${190 - value * 4}" width="36" height="${value * 4}" fill="#1976d2"/>`;
  const label = (value, n) => `<text x="${58 + n * 52}" y="${182 - value * 4}" font-size="12" text-anchor="middle" font-family="sans-serif">${value}</text>`;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="210" viewBox="0 0 420 210">' +
    `${values.map(bar).join("")}${values.map(label).join("")}<path d="M30 190H400" stroke="#222" fill="none"/></svg>`
  );
}

export const PRODUCTS = ["Tent L", "Tent S", "Stove", "Sleeping bag", "Headlamp", "Water filter", "Trekking poles", "Rucksack 60 l"];
export const REGIONS = ["North", "South", "East", "West"];

/** Row `n` of a table of sales of any length: its index, and seven cells. */
export function saleAt(n) {
  const units = ((n * 7919) % 97) + 3;
  const price = 19.9 + ((n * 104_729) % 380);
  const margin = ((n * 31) % 600) / 10 - 8;
  const day = new Date(Date.UTC(2026, 0, 1) + ((n * 37) % 273) * 86_400_000).toISOString().slice(0, 10);
  return [
    ...[String(n), PRODUCTS[(n * 5) % 8], REGIONS[(n * 3) % 4], day, String(units), price.toFixed(2)],
    ...[n % 9 === 4 ? "NaN" : margin.toFixed(1), n % 11 === 0 ? "True" : "False"],
  ];
}
