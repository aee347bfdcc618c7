import { FormatDateImplementation } from "@a2ui/web_core/v0_9";
import { describe, expect, it } from "vitest";
import { formatDate } from "../src/a2ui/dates";
import { Random } from "./a2ui-random";

const PATTERNS = [
  "y yy yyy yyyy yyyyy u uu G GGGG GGGGG",
  "M MM MMM MMMM MMMMM L LL LLL LLLL LLLLL Mo",
  "d dd do E EE EEE EEEE EEEEE i ii iii iiii io e ee eee eeee",
  "a aa aaa aaaa aaaaa h hh ho H HH K KK k kk m mm s ss S SS SSS t T",
  "Q QQ QQQ q qq",
  "X XX XXX x xx xxx O OOOO z zzzz",
  "EEEE, MMMM d, yyyy 'at' h:mm a",
  "'o''clock' HH''mm ''",
  "yyyy-MM-dd'T'HH:mm:ss.SSSxxx",
  "'unclosed d",
  "d. MMMM — 日",
];

function theirs(value: string, format: string): unknown {
  return FormatDateImplementation.execute({ value, format } as never, {} as never);
}

describe("dates by patterns", () => {
  const random = new Random(7);
  const dates = Array.from({ length: 60 }, () => new Date(random.below(4e9) * 1000 + random.below(1000)));

  it.each(PATTERNS)("read %s as date-fns does", (pattern) => {
    for (const date of dates)
      expect(formatDate(date, pattern, "en-US")).toBe(theirs(date.toISOString(), pattern));
  });

  it.each(["D", "DD", "YYYY", "n", "d j"])("refuse %s", (pattern) => {
    expect(() => formatDate(new Date(0), pattern, "en-US")).toThrow("is no field");
  });

  it("speak other languages", () => {
    const date = new Date(2026, 2, 1, 15, 4);
    expect(formatDate(date, "EEEE d MMMM y", "fr-FR")).toBe("dimanche 1 mars 2026");
    expect(formatDate(date, "d MMMM", "ru-RU")).toBe("1 марта");
    expect(formatDate(date, "a h:mm", "ja-JP")).toBe("午後 3:04");
  });
});
