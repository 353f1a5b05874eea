// What the demo shows: numbered steps, remarks below them, colors only where a person looks.
const color = Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR");
const paint = (code: number, text: string) => color ? `\x1b[${code}m${text}\x1b[0m` : text;

/** A step in plain words. */
export function step(number: number, text: string): void {
  console.log(`\n${paint(1, `${number}  ${text}`)}`);
}

/** A remark to the step above. */
export function remark(text: string): void {
  console.log(`   ${text}`);
}

/** The verdict, in green. */
export function good(word: string, text: string): void {
  remark(`${paint(32, word)}  ${text}`);
}

/** The claims of a token, times in words. */
export function showClaims(claims: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(claims)) {
    const isTime = ["iat", "nbf", "exp"].includes(name);
    const text = isTime ? new Date(Number(value) * 1000).toISOString() : String(value);
    console.log(`   ${paint(2, name.padEnd(9))}  ${text}`);
  }
}
