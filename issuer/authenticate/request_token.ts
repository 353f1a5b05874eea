import { andThen, type Eventual } from "../eventual.ts";
import { ProofError } from "../errors.ts";
import {
  equalDigests,
  issuerTag,
  parseRequestToken,
  sha256Hex,
} from "../workloads/request_token.ts";
import type { RequestTokenCredential, WorkloadRecord } from "../workloads/workload.ts";
import type { WorkloadStore } from "../workloads/workload_store.ts";
import type { Caller } from "./caller.ts";

/** Proves a caller by its request token; synchronous while the workload is in memory. */
export type RequestTokenAuthenticator = (
  token: string,
  /** Hex SHA-256 of the token, where it has been made already. */
  digest?: string,
) => Eventual<Caller>;

function refuse(reason: string): never {
  throw new ProofError(reason);
}

/** Compared with when there is nothing to compare with, so that the time tells nothing. */
const nothing = "0".repeat(64);

/** Authenticates by request token against the workloads of `store`. */
export function requestTokenAuthenticator(options: {
  issuer: string;
  store: WorkloadStore;
  now: () => number;
}): RequestTokenAuthenticator {
  const { store, now } = options;
  const tag = issuerTag(options.issuer);
  return (token, known) => {
    const parsed = parseRequestToken(token, tag);
    if (!parsed) return refuse("no request token of this issuer");
    const digest = known ?? sha256Hex(token);
    return andThen(
      store.find(parsed.workload),
      (record) => prove(record, { digest, now: now() }),
    );
  };
}

function prove(
  record: WorkloadRecord | undefined,
  { digest, now }: { digest: string; now: number },
): Caller {
  let match: RequestTokenCredential | undefined;
  for (const credential of record?.credentials ?? []) {
    if (credential.type !== "request_token") continue;
    if (equalDigests(credential.sha256, digest)) match = credential;
  }
  if (!record || !match) {
    equalDigests(nothing, digest);
    return refuse(record ? "no such credential" : "no such workload");
  }
  if (match.expiresAt <= now) return refuse("credential expired");
  const { id, deployment, audiences } = match;
  const verified = { deploymentId: deployment };
  return { workload: record, verified, method: "request_token", credential: id, audiences };
}
