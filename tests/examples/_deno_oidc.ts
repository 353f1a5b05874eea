/** Stands in for `jsr:@deno/oidc` in a program under test: asks the stand-in of Deno's issuer. */
export const supportsIssuingIdTokens = true;

export async function getIdToken(audience: string): Promise<string> {
  const url = `${Deno.env.get("STAND_IN_OF_DEPLOY")}?audience=${encodeURIComponent(audience)}`;
  return await (await fetch(url)).text();
}
