import { Problem } from "../errors.ts";
import { parseCredentialRequest } from "./parse_credential.ts";
import { isObject } from "./parse_workload.ts";
import type { RegisteredJwk } from "./registered_jwk.ts";
import type { Credential } from "./workload.ts";
import { isWorkloadId, workloadIdRule } from "./workload_id.ts";

type Add = (pointer: string, detail: string) => void;

/**
 * Credentials in the configuration file: public keys, and request tokens as their SHA-256 only,
 * so that the file can be kept in git. `signet credential add --offline` prints both halves.
 */
export function parseConfiguredCredentials(value: unknown, add: Add): readonly Credential[] {
  if (!Array.isArray(value)) {
    add("", "must be a list of credentials");
    return [];
  }
  const kids = new Set<string>();
  return value.flatMap((item, index) => {
    const at: Add = (pointer, detail) => add(`/${index}${pointer}`, detail);
    const credential = parseOne(item, at);
    const kid = credential?.type === "public_key" ? credential.jwk?.kid : undefined;
    if (kid !== undefined && kids.has(kid)) at("/jwk", "has the kid of another credential");
    if (kid !== undefined) kids.add(kid);
    return credential ?? [];
  });
}

function parseOne(value: unknown, add: Add): Credential | undefined {
  if (!isObject(value)) return void add("", "must be a JSON object");
  const { id, sha256, expiresAt, expiresIn, ...rest } = value;
  if (expiresIn !== undefined) add("/expiresIn", "has no start in a file; write expiresAt");
  if (!isWorkloadId(id)) add("/id", `must be ${workloadIdRule}`);
  let jwk: RegisteredJwk | undefined;
  try {
    jwk = parseCredentialRequest(rest).jwk;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const fault of error.faults ?? []) add(fault.pointer, fault.detail);
  }
  const end = typeof expiresAt === "string" ? Date.parse(expiresAt) : NaN;
  const common = { ...rest, ...(jwk && { jwk }), id, createdAt: 0, expiresAt: end };
  if (rest.type === "public_key") {
    if (expiresAt !== undefined && Number.isNaN(end)) {
      add("/expiresAt", "must be a time like 2027-01-31T00:00:00Z");
    }
    return { ...common, expiresAt: expiresAt === undefined ? null : end } as Credential;
  }
  if (Number.isNaN(end)) add("/expiresAt", "must be a time like 2027-01-31T00:00:00Z");
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    add("/sha256", "must be the hex SHA-256 of the request token, never the token itself");
  }
  return { ...common, sha256 } as Credential;
}
