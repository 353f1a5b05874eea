/** The least that a cache of tokens can do: an async function that looks into a map and at the clock. */
export function plainCache(
  audiences: readonly string[],
  token: string,
): (audience: string) => Promise<string> {
  const until = Date.now() + 3_600_000;
  const held = new Map(audiences.map((audience) => [audience, { token, until }]));
  // deno-lint-ignore require-await -- async is what is compared with
  return async (audience) => {
    const found = held.get(audience)!;
    if (Date.now() >= found.until) throw new Error("Cannot happen within a bench");
    return found.token;
  };
}
