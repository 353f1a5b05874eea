import { compactVerify, importJWK, type JWK } from "jose";
import type { PublishedKey } from "./observe_issuer.ts";
import { errorText } from "./redact.ts";

/** A probe token taken apart; the token itself is not kept. */
export interface ProbeToken {
  /** Why there is no token to judge. */
  readonly error?: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `good`, or what is wrong with the signature. */
  readonly signature: string;
}

const NONE = { header: {}, claims: {}, signature: "no token" };

/** Mint a token for the audience and verify it with the published keys, as a relying party would. */
export async function probeToken(
  audience: string,
  options: {
    readonly mint: (audience: string) => Promise<string>;
    readonly keys: readonly PublishedKey[];
  },
): Promise<ProbeToken> {
  let token: string;
  try {
    token = await options.mint(audience);
  } catch (cause) {
    return { ...NONE, error: errorText(cause) };
  }
  const [first = "", second = "", third, ...rest] = String(token).split(".");
  const header = readPart(first);
  const claims = readPart(second);
  if (!header || !claims || third === undefined || rest.length > 0) {
    return { ...NONE, error: "what was minted is not a compact JWT" };
  }
  return { header, claims, signature: await judgeSignature(token, header, options.keys) };
}

function readPart(text: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(
      atob(text.replaceAll("-", "+").replaceAll("_", "/")),
      (char) => char.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

async function judgeSignature(
  token: string,
  header: Readonly<Record<string, unknown>>,
  keys: readonly PublishedKey[],
): Promise<string> {
  const { kid, alg } = header;
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) return `kid ${String(kid)} is not in the key set`;
  // Only what verifies: members such as key_ops or use must not decide here, other checks judge them.
  const { kty, n, e, crv, x, y } = key;
  try {
    await compactVerify(token, await importJWK({ kty, n, e, crv, x, y } as JWK, String(alg)), {
      algorithms: [String(alg)],
      crit: Object.fromEntries([header.crit ?? []].flat().map((name) => [String(name), true])),
    });
    return "good";
  } catch {
    return "the published key does not verify it";
  }
}
