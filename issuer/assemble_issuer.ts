import type { Algorithm } from "../keys/algorithm.ts";
import { createKeyring } from "../keys/keyring.ts";
import type { GeneratedKey } from "../keys/generate_key.ts";
import type { Signers } from "../keys/signer.ts";
import type { KvKey } from "../kv/kv.ts";
import { reliableKv, type ReliableKvOptions } from "../kv/reliable_kv.ts";
import { adminAuthenticator } from "./admin/authenticate_admin.ts";
import { lazyAdminApi } from "./admin/lazy_admin_api.ts";
import { createAuditLog } from "./audit.ts";
import { createGrants } from "./create_grants.ts";
import { jtiSource } from "./jti_source.ts";
import { requestHandler } from "./handler.ts";
import { keyEvent, safeListener } from "./issuer_event.ts";
import type { Issuer, IssuerOptions } from "./issuer_options.ts";
import { isLoopbackIssuer } from "./issuer_url.ts";
import { type AudienceProfile, builtInProfiles } from "./profiles.ts";
import { issuerRoutes } from "./routes.ts";
import type { LimitCallers } from "./limit_callers.ts";
import { keyPolicy } from "./timings.ts";
import type { Measurements } from "./telemetry/measure_issuer.ts";
import { tokenEndpoint } from "./token_endpoint.ts";
import { tokenEvent } from "./token_event.ts";
import { lazyPlatformTokenVerifier } from "./trust/lazy_verifier.ts";
import { openWorkloads } from "./workloads/open_workloads.ts";

/** What an issuer signs with; a test brings keys that it made before. */
export interface SigningParts {
  readonly signers: Signers;
  readonly generateKey?: (alg: Algorithm) => Promise<GeneratedKey>;
}

/** What all issuers of a deployment share. */
export interface SharedParts extends SigningParts {
  readonly limitCallers?: LimitCallers;
  /** How calls of the KV are guarded. Default as {@linkcode reliableKv} does. */
  readonly kvGuard?: ReliableKvOptions;
  /** Has the keys of each issuer measured. */
  readonly watchKeys?: Measurements["watchKeys"];
}

/** An issuer that answers by `handle` only. */
export type AssembledIssuer = Omit<Issuer, "fetch">;

/** Joins the parts of one issuer; the only file that knows them all. */
export function assembleIssuer(options: IssuerOptions, shared: SharedParts): AssembledIssuer {
  const { limitCallers, kvGuard, watchKeys, ...signing } = shared;
  const { issuer, now = Date.now, randomBytes = systemRandomBytes } = options;
  const prefix: KvKey = options.prefix ?? ["signet"];
  const kv = reliableKv(options.kv, kvGuard);
  const onEvent = safeListener(options.onEvent);
  const stored = { issuer, kv, prefix, now, randomBytes };
  const {
    keyEncryptionKeys = [],
    initialized = false,
    x5c = false,
    profiles = [],
    workloads = [],
  } = options;
  const algorithms = usedAlgorithms(profiles);
  const policy = keyPolicy(options.timings);
  const keyring = createKeyring({
    ...{ ...stored, algorithms, policy, keyEncryptionKeys, initialized, x5c, ...signing },
    minimumEpochs: options.minimumEpochs ?? {},
    onEvent: (event) => onEvent(keyEvent(event, { issuer, at: now() })),
  });
  watchKeys?.({ issuer, view: () => keyring.view() });
  const audit = createAuditLog(stored);
  const { store, index } = openWorkloads({ ...stored, audit, configured: workloads });
  const verifier = lazyPlatformTokenVerifier({
    ...{ ownIssuer: issuer, ownIsLoopback: isLoopbackIssuer(issuer), now },
    ...{ fetch: options.fetch, resolve: options.resolveName },
  });
  const grants = createGrants({ ...stored, store, index, verifier });
  const token = tokenEndpoint({
    ...{ issuer, keyring, profiles, grants, now, limitCallers },
    createJti: jtiSource(randomBytes),
    onEvent: options.onEvent && ((outcome) => onEvent(tokenEvent(outcome, issuer))),
  });
  const authenticate = adminAuthenticator({ ...options, verifier });
  const context = { issuer, store, index, verifier, keyring, audit, now, randomBytes, onEvent };
  const admin = lazyAdminApi(context, authenticate);
  const grantTypes = [...grants.byType.keys()];
  const hasConsole = authenticate !== undefined;
  const routes = issuerRoutes({
    ...{ issuer, algorithms, keyring, token, grantTypes, policy, now, hasConsole },
  });
  const handle = requestHandler({ issuer, routes, admin, hosts: options.hosts });
  return {
    issuer,
    start: () => keyring.start(),
    handle,
    maintain: async () => void await keyring.maintain(),
    [Symbol.asyncDispose]: async () => await keyring[Symbol.asyncDispose](),
  };
}

/** Key families that the profiles ask for; RS256 always, since every cloud takes it. */
function usedAlgorithms(profiles: readonly AudienceProfile[]): readonly Algorithm[] {
  const used = [...profiles, ...builtInProfiles].map(({ alg }) => alg ?? "RS256");
  return [...new Set<Algorithm>(["RS256", ...used])];
}

function systemRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
