/** Marks before a line; each stands beside a word, so that none has to be understood alone. */
export interface Symbols {
  readonly ok: string;
  readonly warn: string;
  readonly fail: string;
  readonly skip: string;
}

const UNICODE: Symbols = { ok: "✓", warn: "!", fail: "✗", skip: "·" };
const ASCII: Symbols = { ok: "+", warn: "!", fail: "x", skip: "-" };

/** Marks that the terminal can show, judged by its locale as other programs do. */
export function chooseSymbols(env: (name: string) => string | undefined): Symbols {
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG") || "";
  const plain = env("TERM") === "dumb" || env("TERM") === "linux";
  const unicode = /utf-?8/i.test(locale) || env("WT_SESSION") !== undefined;
  return unicode && !plain ? UNICODE : ASCII;
}
