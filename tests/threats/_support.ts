/** What the threats of the token endpoint are tried with: every grant, at a real listening issuer. */
import { encodeBase64Url } from "@std/encoding/base64url";
import type { StartedIssuer } from "../_support/start_issuer.ts";

export const audience = "https://api.acme.test";

const urn = "urn:ietf:params:oauth";

/** How a token is presented, by grant. */
export const grants = {
  "token exchange": (token: string) => ({
    grant_type: `${urn}:grant-type:token-exchange`,
    subject_token: token,
    subject_token_type: `${urn}:token-type:jwt`,
  }),
  "jwt-bearer": (token: string) => ({
    grant_type: `${urn}:grant-type:jwt-bearer`,
    assertion: token,
  }),
  "private_key_jwt": (token: string) => ({
    grant_type: "client_credentials",
    client_assertion_type: `${urn}:client-assertion-type:jwt-bearer`,
    client_assertion: token,
  }),
} as const;

/** The name of a grant. */
export type GrantName = keyof typeof grants;

/** Presents a token in one way; answers status and body. */
export async function present(
  started: StartedIssuer,
  { grant, token, ...more }: { grant: GrantName; token: string; [parameter: string]: string },
): Promise<{ status: number; body: Record<string, unknown> }> {
  const form = new URLSearchParams({ audience, ...grants[grant](token), ...more });
  const response = await started.get("/token", { method: "POST", body: form });
  return { status: response.status, body: await response.json() };
}

/** A key pair whose owner signs what it likes. */
export interface Signer {
  readonly publicJwk: Record<string, string>;
  sign(claims: unknown, header?: Record<string, unknown>): Promise<string>;
  /** Signs a payload given as text, so that a test can misspell it. */
  signText(payload: string, header?: Record<string, unknown>): Promise<string>;
}

/** Makes an ES256 key. */
export async function createSigner(kid: string): Promise<Signer> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const encode = (text: string) => encodeBase64Url(new TextEncoder().encode(text));
  const signText: Signer["signText"] = async (payload, header = {}) => {
    const head = JSON.stringify({ alg: "ES256", kid, typ: "JWT", ...header });
    const input = `${encode(head)}.${encode(payload)}`;
    const by = { name: "ECDSA", hash: "SHA-256" };
    const bytes = new TextEncoder().encode(input);
    const signature = await crypto.subtle.sign(by, pair.privateKey, bytes);
    return `${input}.${encodeBase64Url(new Uint8Array(signature))}`;
  };
  return {
    publicJwk: { kty: kty!, crv: crv!, x: x!, y: y!, kid, alg: "ES256", use: "sig" },
    sign: (claims, header) => signText(JSON.stringify(claims), header),
    signText,
  };
}

/** Sound claims of a client assertion of a workload. */
export function assertionClaims(
  issuer: string,
  { workload = "web", now = Date.now(), ...change }: {
    workload?: string;
    now?: number;
    [claim: string]: unknown;
  } = {},
): Record<string, unknown> {
  const iat = Math.floor(now / 1000);
  const times = { iat, exp: iat + 60, jti: crypto.randomUUID() };
  return { iss: workload, sub: workload, aud: issuer, ...times, ...change };
}

/** Registers a workload that signs with `signer`. */
export async function registerKey(
  started: StartedIssuer,
  signer: Signer,
  workload: Record<string, unknown> = {},
): Promise<string> {
  const { id = "web" } = workload;
  await started.register(workload);
  const credential = { type: "public_key", jwk: signer.publicJwk };
  const added = await started.admin("POST", `workloads/${id}/credentials`, credential);
  if (added.status !== 201) throw new Error(await added.text());
  return (await added.json()).id;
}
