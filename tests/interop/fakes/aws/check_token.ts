/** What STS demands of a web identity token, in the words it uses when it refuses. */
import {
  audiencesOf,
  decodeToken,
  type RawToken,
  readIssuer,
  signatureHolds,
} from "../read_issuer.ts";
import { invalidToken, noKey, notValidated, StsFault } from "./answers.ts";
import { accountOf, type Role, type World } from "./world.ts";

const prefix = "https://aws.amazon.com/";
const skew = 300;
const algorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
const notJwt =
  "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";

export interface CheckedToken {
  readonly claims: Record<string, unknown>;
  readonly audience: string;
  readonly tags: Record<string, string>;
}

export async function checkToken(token: string, role: Role, world: World): Promise<CheckedToken> {
  const raw = decodeToken(token);
  if (!raw || raw.header.crit !== undefined) throw invalidToken(notJwt);
  checkClaims(raw);
  const audience = oneAudience(raw.claims);
  const provider = world.providers.find(({ issuer, account }) =>
    issuer === raw.claims.iss && account === accountOf(role.arn)
  );
  if (!provider) {
    throw invalidToken(`No OpenIDConnect provider found in your account for ${raw.claims.iss}`);
  }
  if (!provider.clientIds.includes(audience)) throw notValidated();
  await checkSignature(token, raw);
  checkTimes(raw.claims, Math.floor(world.now() / 1000));
  checkRoles(raw.claims, role.arn);
  return { claims: raw.claims, audience, tags: tagsOf(raw.claims) };
}

function checkClaims({ claims, payload }: RawToken): void {
  for (const name of ["iss", "sub", "aud", "iat", "exp"]) {
    if (claims[name] === undefined) throw invalidToken(`Missing a required claim: ${name}`);
  }
  for (const name of ["iat", "nbf", "exp"]) {
    const fraction = new RegExp(`"${name}"\\s*:\\s*\\d+[.eE]`).test(payload);
    const whole = claims[name] === undefined || Number.isInteger(claims[name]);
    if (fraction || !whole) throw invalidToken("Invalid timestamp in token claims.");
  }
}

function oneAudience(claims: Record<string, unknown>): string {
  const audiences = audiencesOf(claims);
  if (audiences.length === 0 || audiences.includes("")) {
    throw invalidToken("Claim is not allowed to be empty: aud");
  }
  if (typeof claims.azp === "string") return claims.azp;
  if (audiences.length === 1) return String(audiences[0]);
  throw invalidToken(
    "Token audience contains more than one audience while authorized party is not present",
  );
}

async function checkSignature(token: string, { header, claims }: RawToken): Promise<void> {
  const issuer = await readIssuer(String(claims.iss));
  const alg = String(header.alg);
  if (!issuer) throw noKey();
  const ofKind = issuer.keys.filter(({ kty }) => kty === (alg.startsWith("RS") ? "RSA" : "EC"));
  if (ofKind.length > 100) throw noKey();
  const named = header.kid === undefined && issuer.keys.length === 1
    ? issuer.keys
    : issuer.keys.filter(({ kid }) => kid !== undefined && kid === header.kid);
  // Of two keys with one kid AWS uses the later.
  const key = named.at(-1);
  if (!key || key.use === "enc") throw noKey();
  if (key.key_ops || key.ext !== undefined || !algorithms.includes(alg)) throw notValidated();
  if (!await signatureHolds(token, key, alg)) throw notValidated();
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const { exp, nbf, iat } = claims as { exp: number; nbf?: number; iat: number };
  if (now >= exp + skew) {
    throw new StsFault(
      "ExpiredTokenException",
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
  }
  if (nbf !== undefined && now < nbf - skew) throw invalidToken("Token not yet valid");
  if (now < iat - skew) throw invalidToken("Token issued in the future");
}

function checkRoles(claims: Record<string, unknown>, arn: string): void {
  const claim = claims[`${prefix}roles`];
  if (claim === undefined) return;
  const roles = typeof claim === "string" ? claim.split(";") : Array.isArray(claim) ? claim : [];
  if (!roles.some((role) => /^arn:[\w-]+:iam::\d{12}:role\//.test(String(role)))) {
    throw invalidToken("The roles claim contains no valid role ARNs");
  }
  if (roles.includes(arn)) return;
  throw invalidToken("The target role ARN is not present in the roles claim of the identity token");
}

function tagsOf(claims: Record<string, unknown>): Record<string, string> {
  const claim = claims[`${prefix}tags`] as { principal_tags?: Record<string, unknown> } | undefined;
  const entries = Object.entries(claim?.principal_tags ?? {});
  const sound = entries.length <= 50 &&
    entries.every(([key, value]) =>
      key.length <= 128 && Array.isArray(value) && value.length === 1 &&
      typeof value[0] === "string" && value[0].length <= 256
    );
  if (claim !== undefined && (!sound || entries.length === 0)) {
    throw invalidToken("principal_tags passed in claim is not in correct format.");
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, (value as string[])[0]!]));
}
