import type { Algorithm } from "../keys/algorithm.ts";
import type { Kv } from "../kv/kv.ts";
import type { ConfiguredTimings } from "./timings.ts";
import type { AudienceProfile } from "./profiles.ts";
import type { IssuerEvent } from "./issuer_event.ts";
import type { RequestInfo } from "./request_source.ts";
import type { Meter } from "./telemetry/meter.ts";
import type { TrustRule } from "./trust/rule.ts";
import type { WorkloadRecord } from "./workloads/workload.ts";

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
  /** Hex SHA-256 of the admin token, for those who keep only that. Default none. */
  readonly adminTokenSha256?: string;
  /** Platform tokens whose bearers are administrators, so that no admin token need exist. Default none. */
  readonly administrators?: readonly TrustRule[];
  /** Workloads of a configuration file; read-only over the admin API. Default none. */
  readonly workloads?: readonly WorkloadRecord[];
  /** Audience profiles that come before the built-in ones. Default none. */
  readonly profiles?: readonly AudienceProfile[];
  /** Timings of key rotation, in seconds. Defaults in docs/operations.md. */
  readonly timings?: ConfiguredTimings;
  /**
   * Whether RS256 keys show a self-signed certificate as `x5c` (RFC 7517 §4.7), for relying parties
   * that want one (Ceph RGW). Default false.
   */
  readonly x5c?: boolean;
  /**
   * Token requests per minute and credential, 1 to 9,999,999; all of it at once after a pause.
   * As many are granted to each address for credentials that have not proved good. Default no limit.
   */
  readonly rateLimit?: number;
  /** Hosts to answer for, others get 421. Default any: none is ever believed. */
  readonly hosts?: readonly string[];
  /** The KV was filled before: an empty one is a lost database and stops the issuer. Default false. */
  readonly initialized?: boolean;
  /**
   * Epoch that each keyset must have reached, as `GET /admin/keys` shows it: an older one comes from
   * a backup that may bring a compromised key back, and stops the issuer. Default none.
   */
  readonly minimumEpochs?: Readonly<Partial<Record<Algorithm, number>>>;
  /** Further issuers at `{issuer}/{name}`, each with its own keys, workloads and administrators. Default none. */
  readonly tenants?: Readonly<Record<string, TenantOptions>>;
  /**
   * Receives one event per token request, per request to change something over the admin API, and per
   * change of the keys; none holds a secret. What it throws is ignored.
   */
  readonly onEvent?: (event: IssuerEvent) => void;
  /** OpenTelemetry meter, as `metrics.getMeter()` gives it. Default none. */
  readonly meter?: Meter;
  /** Fetches discovery and keys of trusted issuers. Default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /**
   * Looks up every address of a host before a trusted issuer is asked: one that is not public refuses
   * it. The connection looks the name up again, so this narrows rebinding and does not end it; leave
   * it out where trusted issuers live in a private network. Default no look-up.
   */
  readonly resolveName?: (hostname: string) => Promise<readonly string[]>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Cryptographically random bytes. Default `crypto.getRandomValues`. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** What a tenant has of its own; everything else is the deployment's. */
export type TenantOptions = Pick<
  IssuerOptions,
  | "adminToken"
  | "adminTokenSha256"
  | "administrators"
  | "workloads"
  | "profiles"
  | "minimumEpochs"
>;

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
  /**
   * Answers one request; never throws. Mount it in any server: `Deno.serve(issuer.fetch)` tells the
   * caller's address in `info` too, where another server does not, all callers count as one source.
   */
  fetch(request: Request, info?: RequestInfo): Promise<Response>;
  /**
   * As `fetch`, which is for where a promise is asked for; here an answer that is there at once comes
   * without one, which spares a busy server some percent: `Deno.serve(issuer.handle)`.
   */
  handle(request: Request, info?: RequestInfo): Response | Promise<Response>;
  /** Rotates keys that are due; call it from a timer or cron, requests also do it. */
  maintain(): Promise<void>;
  /** Ends workers; the KV stays open. */
  [Symbol.asyncDispose](): Promise<void>;
}
