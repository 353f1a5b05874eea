import { audienceFault } from "../audience.ts";
import { type Fault, Problem } from "../errors.ts";
import { isName, nameRule } from "../name.ts";
import { isObject } from "./parse_workload.ts";
import { type RegisteredJwk, registeredJwk } from "./registered_jwk.ts";

/** What an operator asks for when adding a credential. */
export interface CredentialRequest {
  readonly type: "request_token" | "public_key";
  /** Seconds. */
  readonly expiresIn?: number;
  readonly deployment?: string;
  readonly audiences?: readonly string[];
  /** With a `kid`. */
  readonly jwk?: RegisteredJwk;
}

const members = ["type", "expiresIn", "deployment", "audiences", "jwk"];
const publicMembers: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["RSA", ["n", "e"]],
  ["EC", ["crv", "x", "y"]],
  ["OKP", ["crv", "x"]],
]);

/** Checks a request for a new credential; every fault is reported at once. */
export function parseCredentialRequest(value: unknown): CredentialRequest {
  if (!isObject(value)) {
    throw new Problem("invalid", "Cannot read the credential: send a JSON object");
  }
  const faults: Fault[] = [];
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  for (const name of Object.keys(value)) {
    if (!members.includes(name)) add(`/${name}`, `is unknown; known: ${members.join(", ")}`);
  }
  const { type, expiresIn, deployment, audiences, jwk } = value;
  if (type !== "request_token" && type !== "public_key") {
    add("/type", `must be "request_token" or "public_key"`);
  }
  if (expiresIn !== undefined && !isSeconds(expiresIn)) {
    add("/expiresIn", "must be a whole number of seconds from 1 to 31536000 (one year)");
  }
  if (deployment !== undefined && !isName(deployment)) add("/deployment", `must be ${nameRule}`);
  if (audiences !== undefined && !areAudiences(audiences)) {
    add("/audiences", "must be a list of 1 to 100 audiences");
  }
  if (type === "public_key") jwkFaults(jwk).forEach((detail) => add("/jwk", detail));
  else if (jwk !== undefined) add("/jwk", `belongs to type "public_key"`);
  if (faults.length > 0) {
    throw new Problem("invalid", "Cannot add the credential: it breaks these rules", { faults });
  }
  return { ...value, ...(isObject(jwk) && { jwk: registeredJwk(jwk) }) } as CredentialRequest;
}

function isSeconds(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 31_536_000;
}

function areAudiences(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 1 && value.length <= 100 &&
    value.every((audience) => typeof audience === "string" && !audienceFault(audience));
}

function jwkFaults(jwk: unknown): string[] {
  if (!isObject(jwk)) return ["must be a public JWK (RFC 7517)"];
  if (["d", "p", "q", "dp", "dq", "qi", "k", "oth"].some((name) => name in jwk)) {
    return ["holds a private key: send the public half only, and replace the key you just sent"];
  }
  const needed = publicMembers.get(jwk.kty);
  if (!needed) return ["must have kty RSA, EC or OKP"];
  const lacking = needed.filter((name) => typeof jwk[name] !== "string");
  if (lacking.length > 0) return lacking.map((name) => `lacks "${name}"`);
  return registeredJwk(jwk) ? [] : [
    "is no key that assertions are verified with: RSA of 2048 bits or more, P-256, P-384 or " +
    'Ed25519, with "alg" fitting and "use" "sig", or without them',
  ];
}
