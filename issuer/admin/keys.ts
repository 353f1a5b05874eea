import { KeyringError, type KeyringErrorCode } from "../../keys/errors.ts";
import type { KeyStatus } from "../../keys/keyring_view.ts";
import { type Algorithm, ALGORITHMS } from "../../keys/algorithm.ts";
import { Problem } from "../errors.ts";
import { json } from "../respond.ts";
import { isObject } from "../workloads/parse_workload.ts";
import type { AdminAction, AdminContext } from "./context.ts";

/** `GET /admin/keys` */
export const listKeys: AdminAction = async (context) => json(await showKeys(context));

/** What the same request will not do any better in a moment. */
const notByWaiting: readonly KeyringErrorCode[] = [
  "algorithm_not_configured",
  "key_not_yet_active",
  "rotation_unfinished",
];

/** `POST /admin/keys/rotate` */
export const rotateKeys: AdminAction = async (context, { actor, body }) => {
  const { emergency, alg } = readRotation(body);
  const action = emergency ? "keys.rotate_emergency" : "keys.rotate";
  const event = { actor, action, target: alg === undefined ? "keys" : `keys:${alg}` };
  const rotated = await context.audit.around(
    event,
    () => context.keyring.rotate({ emergency, alg }),
  ).catch((error) => {
    if (!(error instanceof KeyringError) || !notByWaiting.includes(error.code)) throw error;
    throw new Problem("conflict", error.message);
  });
  return json({ ...await showKeys(context), rotated: rotated.map(withTimes) });
};

/** `DELETE /admin/keys/{kid}`: the key is never trusted again. */
export const revokeKey: AdminAction = async (context, { actor, path: [kid] }) => {
  const event = { actor, action: "keys.revoke", target: `key:${kid}` };
  // Whether there is such a key is for the store to say: this isolate may not have heard of it yet.
  const rotated = await context.audit.around(event, () => context.keyring.revoke(kid!))
    .catch((error) => {
      if (!(error instanceof KeyringError) || error.code !== "key_unknown") throw error;
      throw new Problem("not_found", "Cannot revoke: no key has this kid");
    });
  return json({ ...await showKeys(context), rotated: [withTimes(rotated)] });
};

async function showKeys(context: AdminContext): Promise<Record<string, unknown>> {
  const { keys, epochs } = await context.keyring.view();
  return { keys: keys.map(showKey), epochs };
}

function showKey(key: KeyStatus): Record<string, unknown> {
  return withTimes(key as unknown as Record<string, unknown>);
}

/** Times as people and other languages read them. */
function withTimes<T extends object>(value: T): Record<string, unknown> {
  const shown = Object.entries(value).map(([name, member]) =>
    name.endsWith("At") || name === "notBefore"
      ? [name, typeof member === "number" ? new Date(member).toISOString() : member]
      : [name, member]
  );
  return Object.fromEntries(shown);
}

function readRotation(body: unknown): { emergency: boolean; alg?: Algorithm } {
  const value = body ?? {};
  if (!isObject(value)) {
    throw new Problem("invalid", "Cannot rotate: send a JSON object or nothing");
  }
  const { emergency = false, alg, ...unknown } = value;
  const faults = Object.keys(unknown).map((name) => ({
    pointer: `/${name}`,
    detail: "is unknown",
  }));
  if (typeof emergency !== "boolean") {
    faults.push({ pointer: "/emergency", detail: "must be true or false" });
  }
  if (alg !== undefined && !ALGORITHMS.some((known) => known === alg)) {
    faults.push({ pointer: "/alg", detail: "must be RS256, ES256 or EdDSA" });
  }
  if (faults.length > 0) {
    throw new Problem("invalid", "Cannot rotate: the request breaks these rules", { faults });
  }
  return { emergency: emergency as boolean, alg: alg as Algorithm | undefined };
}
