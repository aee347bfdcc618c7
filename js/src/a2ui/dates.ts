/** Dates by patterns such as `EEEE, d MMMM y 'at' h:mm a`. Source: Unicode TR35, read as date-fns reads it. */

type Field = (date: Date, count: number, locale: string | undefined) => string;
type Width = "short" | "long" | "narrow";

/** Letters that would show something else than their writer meant, as date-fns refuses them: `D`, `YYYY`. */
const FIELDS: Readonly<Record<string, Field>> = {
  G: (date, count, locale) => part(date, locale, "era", { era: widths(count) }),
  y: (date, count) => year(date, count),
  u: (date, count) => pad(date.getFullYear(), count),
  Q: (date, count) => (count < 3 ? pad(quarter(date), count) : `Q${quarter(date)}`),
  M: (date, count, locale) => (count < 3 ? pad(date.getMonth() + 1, count) : month(date, count, locale)),
  d: (date, count) => pad(date.getDate(), count),
  E: (date, count, locale) => part(date, locale, "weekday", { weekday: widths(count) }),
  e: (date, count, locale) =>
    count < 3 ? pad(date.getDay() + 1, count) : part(date, locale, "weekday", { weekday: widths(count) }),
  i: (date, count, locale) =>
    count < 3 ? pad(date.getDay() || 7, count) : part(date, locale, "weekday", { weekday: widths(count) }),
  a: (date, count, locale) => dayPeriod(date, count, locale),
  h: (date, count) => pad(date.getHours() % 12 || 12, count),
  H: (date, count) => pad(date.getHours(), count),
  K: (date, count) => pad(date.getHours() % 12, count),
  k: (date, count) => pad(date.getHours() || 24, count),
  m: (date, count) => pad(date.getMinutes(), count),
  s: (date, count) => pad(date.getSeconds(), count),
  S: (date, count) => String(date.getMilliseconds()).padStart(3, "0").padEnd(count, "0").slice(0, count),
  t: (date) => String(Math.floor(date.getTime() / 1000)),
  T: (date) => String(date.getTime()),
  X: (date, count) => (date.getTimezoneOffset() === 0 ? "Z" : offset(date, count)),
  x: (date, count) => offset(date, count),
  O: (date, count) => `GMT${shortOffset(date, count)}`,
  z: (date, count) => `GMT${shortOffset(date, count)}`,
};
const ALIASES: Readonly<Record<string, string>> = { L: "M", q: "Q", c: "e", b: "a", B: "a" };
const TOKEN = /''|'(''|[^'])+'?|([A-Za-z])o|([A-Za-z])\3*|[^A-Za-z']+|'/g;

/** Raises for a letter that is no field. */
export function formatDate(date: Date, pattern: string, locale: string | undefined): string {
  return pattern.replace(TOKEN, (token, _quoted, ordinal: string | undefined) => {
    if (token.startsWith("'"))
      return token.length > 2 ? token.replace(/^'|'$/g, "").replace(/''/g, "'") : "'";
    if (!/[A-Za-z]/.test(token)) return token;
    const letter = ordinal ?? (token[0] as string);
    const field = FIELDS[ALIASES[letter] ?? letter];
    if (!field) throw new Error(`'${letter}' is no field of a date`);
    if (!ordinal) return field(date, token.length, locale);
    return withOrdinal(Number(field(date, 1, locale)));
  });
}

function part(
  date: Date,
  locale: string | undefined,
  type: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const parts = new Intl.DateTimeFormat(locale, options).formatToParts(date);
  return parts.find((candidate) => candidate.type === type)?.value ?? "";
}

function widths(count: number): Width {
  return count === 5 ? "narrow" : count === 4 ? "long" : "short";
}

function month(date: Date, count: number, locale: string | undefined): string {
  // Beside a day, so that languages which inflect give the form used in dates.
  return part(date, locale, "month", { month: widths(count), day: "numeric" });
}

function year(date: Date, count: number): string {
  const full = date.getFullYear();
  const shown = full > 0 ? full : 1 - full;
  return pad(count === 2 ? shown % 100 : shown, count);
}

function quarter(date: Date): number {
  return Math.floor(date.getMonth() / 3) + 1;
}

function dayPeriod(date: Date, count: number, locale: string | undefined): string {
  const shown = part(date, locale, "dayPeriod", { hour: "numeric", hour12: true });
  if (shown !== "AM" && shown !== "PM") return shown;
  if (count < 3) return shown;
  const low = shown.toLowerCase();
  return count === 3 ? low : count === 4 ? `${low[0]}.m.` : (low[0] as string);
}

function offset(date: Date, count: number): string {
  const [sign, hours, minutes] = zone(date);
  if (count === 1) return `${sign}${pad(hours, 2)}${minutes ? pad(minutes, 2) : ""}`;
  return `${sign}${pad(hours, 2)}${count % 2 ? ":" : ""}${pad(minutes, 2)}`;
}

function shortOffset(date: Date, count: number): string {
  const [sign, hours, minutes] = zone(date);
  if (count > 3) return `${sign}${pad(hours, 2)}:${pad(minutes, 2)}`;
  return `${sign}${hours}${minutes ? `:${pad(minutes, 2)}` : ""}`;
}

function zone(date: Date): [string, number, number] {
  const east = -date.getTimezoneOffset();
  return [east < 0 ? "-" : "+", Math.floor(Math.abs(east) / 60), Math.abs(east) % 60];
}

function pad(value: number, count: number): string {
  return String(value).padStart(count, "0");
}

function withOrdinal(value: number): string {
  const last = value % 10;
  const isTeen = value % 100 > 10 && value % 100 < 14;
  return value + (isTeen ? "th" : (["th", "st", "nd", "rd"][last] ?? "th"));
}
