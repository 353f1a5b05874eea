import { VERIFICATION_ALGORITHMS } from "../../verify/algorithms.ts";
import { TokenVerificationError } from "../../verify/errors.ts";
import { parseCompact, type ParsedToken } from "../../verify/parse_compact.ts";
import { parseJwks, type PublicJwk } from "../../verify/parse_jwks.ts";
import { verifyParsed } from "../../verify/verify_jwt.ts";
import { ProofError } from "../errors.ts";
import type { UseOnce } from "../single_use.ts";
import { replayKey } from "../trust/replay_key.ts";
import type { PublicKeyCredential, WorkloadRecord } from "../workloads/workload.ts";
import type { WorkloadStore } from "../workloads/workload_store.ts";
import type { Caller } from "./caller.ts";

/** Longest life of a client assertion, in seconds. */
const maxLifetime = 300;

/** Proves a caller by an assertion that it signed (RFC 7523 §2.2, private_key_jwt). */
export type AssertionAuthenticator = (presented: {
  readonly assertion: string;
  readonly clientId?: string;
}) => Promise<Caller>;

/** Authenticates by client assertion against the public keys of the workloads in `store`. */
export function assertionAuthenticator(options: {
  issuer: string;
  store: WorkloadStore;
  useOnce: UseOnce;
  now: () => number;
}): AssertionAuthenticator {
  const { issuer, store, useOnce, now } = options;

  /** `aud` is this issuer and nothing else, as a string (threat 19, rfc7523bis). */
  function policyOf(workload: string) {
    return {
      issuer: workload,
      audiences: new Set([issuer]),
      algorithms: new Set(VERIFICATION_ALGORITHMS),
      allowMultipleAudiences: false,
      clockTolerance: 30,
      maxLifetime,
      maxTokenAge: maxLifetime,
    };
  }

  return async ({ assertion, clientId }) => {
    try {
      const parsed = parseCompact(assertion);
      const { iss, sub, aud, jti } = parsed.claims;
      if (iss !== sub || (clientId ?? iss) !== iss) {
        throw new ProofError("iss_sub_client_id_differ");
      }
      if (typeof aud !== "string") throw new ProofError("aud_is_a_list");
      if (jti === undefined) throw new ProofError("jti_missing");
      const record = await store.find(iss);
      const credential = liveKey(record, { kid: parsed.header.kid, now: now() });
      const keys = parseJwks({ keys: credential ? [withAlgorithm(credential, parsed)] : [] });
      const find = (kid: string) => keys.get(kid);
      await verifyParsed(parsed, { policy: policyOf(iss), keys: { find }, now });
      const replay = await replayKey(parsed);
      const { id, deployment, audiences } = credential!;
      return {
        workload: record!,
        verified: { deploymentId: deployment },
        method: "private_key_jwt",
        credential: id,
        audiences,
        async consume() {
          if (!await useOnce(replay)) throw new ProofError("assertion_replayed");
        },
      };
    } catch (error) {
      throw error instanceof TokenVerificationError ? new ProofError(error.code) : error;
    }
  };
}

/** An Ed25519 key verifies under both names of its one algorithm (RFC 8037, RFC 9864). */
function withAlgorithm({ jwk }: PublicKeyCredential, { header }: ParsedToken): PublicJwk {
  return jwk.kty === "OKP" ? { ...jwk, alg: header.alg } : jwk;
}

function liveKey(
  record: WorkloadRecord | undefined,
  { kid, now }: { kid: string; now: number },
): PublicKeyCredential | undefined {
  for (const credential of record?.credentials ?? []) {
    if (credential.type !== "public_key" || credential.jwk.kid !== kid) continue;
    if (credential.expiresAt === null || credential.expiresAt > now) return credential;
  }
}
