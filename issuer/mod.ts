/**
 * The issuer: rotating keys in Deno KV, OpenID discovery, JWKS, and short-lived identity tokens
 * for the workloads that an operator registered.
 *
 * ```ts
 * import { createIssuer } from "@signet/oidc/issuer";
 *
 * const kv = await Deno.openKv(":memory:");
 * const issuer = createIssuer({ issuer: "http://localhost:8000", kv });
 * const answer = await issuer.fetch(new Request("http://localhost:8000/healthz"));
 * console.log(await answer.json()); // { status: "ok" }
 * await issuer[Symbol.asyncDispose]();
 * kv.close();
 * ```
 *
 * @module
 */
export {
  createIssuer,
  type Issuer,
  type IssuerOptions,
  type TenantOptions,
} from "./create_issuer.ts";
export type { ConfiguredTimings } from "./timings.ts";
export { IssuerConfigError } from "./errors.ts";
export type { AudienceProfile, AwsParameter } from "./profiles.ts";
export type { RequestInfo } from "./request_source.ts";
export type { AdminEvent, IssuerEvent, KeyEvent } from "./issuer_event.ts";
export type { Attributes, InstrumentOptions, Meter, ObservableResult } from "./telemetry/meter.ts";
export type { TokenEvent } from "./token_event.ts";
export type {
  Credential,
  JsonValue,
  PublicKeyCredential,
  RequestTokenCredential,
  Workload,
  WorkloadRecord,
} from "./workloads/workload.ts";
export { memoryKv, type MemoryKvOptions } from "../kv/memory_kv.ts";
export type {
  Kv,
  KvAtomic,
  KvCheck,
  KvCommitResult,
  KvKey,
  KvListOptions,
  KvSelector,
  RawKvEntry,
} from "../kv/kv.ts";
export type { ClaimLiteral, ClaimMatcher, TrustRule } from "./trust/rule.ts";
export type { PublicJwk, PublicJwks } from "../verify/parse_jwks.ts";
