import { encodeBase64Url } from "@std/encoding/base64url";
import type { Algorithm } from "../keys/algorithm.ts";
import { createKeyring } from "../keys/keyring.ts";
import type { Kv, KvKey } from "../kv/kv.ts";
import { reliableKv } from "../kv/reliable_kv.ts";
import { adminApi } from "./admin/admin_api.ts";
import { adminTokenAuthenticator } from "./admin/admin_token.ts";
import { createAuditLog } from "./audit.ts";
import { requestTokenAuthenticator } from "./authenticate/request_token.ts";
import { clientCredentialsGrant, requestTokenGrant } from "./client_credentials.ts";
import type { ConfiguredTimings } from "./config_file.ts";
import { IssuerConfigError } from "./errors.ts";
import type { Grant } from "./grants.ts";
import { requestHandler } from "./handler.ts";
import { keyPolicy } from "./timings.ts";
import { optionFaults } from "./option_faults.ts";
import type { AudienceProfile } from "./profiles.ts";
import { builtInProfiles } from "./profiles.ts";
import { issuerRoutes } from "./routes.ts";
import { tokenEndpoint } from "./token_endpoint.ts";
import { type TokenEvent, tokenEvent } from "./token_event.ts";
import type { WorkloadRecord } from "./workloads/workload.ts";
import { createWorkloadStore } from "./workloads/workload_store.ts";

/** Options of {@linkcode createIssuer}. */
export interface IssuerOptions {
  /** Public URL of the issuer: https, lower-case host, no trailing slash, query or fragment; http on loopback. */
  readonly issuer: string;
  /** Where keys and workloads are kept: a `Deno.Kv`, or `memoryKv()` for tests. Not closed by the issuer. */
  readonly kv: Kv;
  /** First parts of every key in the KV. Default `["signet"]`. */
  readonly prefix?: readonly string[];
  /** Keys that seal the private keys at rest, 32 bytes each; the first seals, all open. Required unless the issuer is on loopback. */
  readonly keyEncryptionKeys?: readonly Uint8Array[];
  /** Bearer of the admin API, at least 32 characters. Default: the admin API answers 404. */
  readonly adminToken?: string;
  /** Workloads of a configuration file; read-only over the admin API. Default none. */
  readonly workloads?: readonly WorkloadRecord[];
  /** Audience profiles that come before the built-in ones. Default none. */
  readonly profiles?: readonly AudienceProfile[];
  /** Timings of key rotation, in seconds. Defaults in docs/operations.md. */
  readonly timings?: ConfiguredTimings;
  /** Requests per minute and credential. Default: no limit. */
  readonly rateLimit?: number;
  /** Hosts to answer for, others get 421. Default any: none is ever believed. */
  readonly hosts?: readonly string[];
  /** The KV was filled before: an empty one is a lost database and stops the issuer. Default false. */
  readonly initialized?: boolean;
  /** Receives one event per token request; holds no secret. */
  readonly onEvent?: (event: TokenEvent) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Cryptographically random bytes. Default `crypto.getRandomValues`. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** A running issuer. */
export interface Issuer {
  /** The configured URL. */
  readonly issuer: string;
  /**
   * Reads the keys, or makes the first ones; requests do it too, so calling it only finds faults early.
   *
   * @throws {KeyringError} when the keys in the KV cannot be used.
   */
  start(): Promise<void>;
  /** Answers one request; never throws. Mount it in any server. */
  fetch(request: Request): Promise<Response>;
  /** Rotates keys that are due; call it from a timer or cron, requests also do it. */
  maintain(): Promise<void>;
  /** Ends workers; the KV stays open. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes an issuer (OpenID Connect Discovery 1.0, RFC 8414, RFC 6749 token endpoint).
 *
 * @throws {IssuerConfigError} listing everything wrong with the options.
 */
export function createIssuer(options: IssuerOptions): Issuer {
  const faults = optionFaults(options);
  if (faults.length > 0) throw new IssuerConfigError(faults);
  const { issuer, onEvent, now = Date.now } = options;
  const randomBytes = options.randomBytes ?? systemRandomBytes;
  const prefix: KvKey = options.prefix ?? ["signet"];
  const kv = reliableKv(options.kv);
  const profiles = options.profiles ?? [];
  const algorithms = usedAlgorithms(profiles);
  const policy = keyPolicy(options.timings);
  const { keyEncryptionKeys = [], initialized } = options;
  const keyring = createKeyring({
    ...{ issuer, kv, prefix, algorithms, policy, keyEncryptionKeys, initialized, now, randomBytes },
  });
  const configured = options.workloads ?? [];
  const audit = createAuditLog({ kv, prefix, now, randomBytes });
  const store = createWorkloadStore({ kv, prefix, audit, now, configured });
  const byRequestToken = requestTokenAuthenticator({ issuer, store, now });
  const grants = new Map<string, Grant>([[
    "client_credentials",
    clientCredentialsGrant(byRequestToken),
  ]]);
  const token = tokenEndpoint({
    ...{ issuer, keyring, profiles, grants, now },
    requestToken: requestTokenGrant(byRequestToken),
    createJti: () => encodeBase64Url(randomBytes(16)),
    onEvent: onEvent && ((outcome) => onEvent(tokenEvent(outcome, issuer))),
  });
  const admin = adminApi(
    { issuer, store, keyring, audit, now, randomBytes },
    options.adminToken === undefined ? undefined : adminTokenAuthenticator(options.adminToken),
  );
  const routes = issuerRoutes({ issuer, algorithms, keyring, token, grants, policy, now });
  return {
    issuer,
    start: () => keyring.start(),
    fetch: requestHandler({ issuer, routes, admin, hosts: options.hosts }),
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
