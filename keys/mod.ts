/**
 * Signing keys of an issuer: generated, sealed at rest, published ahead, rotated and revoked.
 *
 * ```ts
 * import { createKeyring, reliableKv, signJwt } from "@signet/oidc/keys";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using keyring = createKeyring({
 *   issuer: "http://localhost:8000",
 *   kv: reliableKv(kv),
 *   algorithms: ["EdDSA"],
 *   keyEncryptionKeys: [], // on loopback only; elsewhere parseKeyEncryptionKeys(secret)
 * });
 * await keyring.start();
 *
 * const jwt = await signJwt(await keyring.signingKey("EdDSA"), { sub: "deployment:acme/web" });
 * console.log(jwt.split(".").length); // 3
 * ```
 *
 * @module
 */
export { type Algorithm, ALGORITHMS } from "./algorithm.ts";
export {
  KeyringError,
  type KeyringErrorCode,
  type KeyringErrorOptions,
  SigningBusyError,
} from "./errors.ts";
export { type GeneratedKey, generateKey } from "./generate_key.ts";
export type { PublicJwk } from "./jwks.ts";
export { parseKeyEncryptionKeys } from "./key_encryption_keys.ts";
export {
  checkKeyPolicy,
  DEFAULT_KEY_POLICY,
  DEFAULT_MAX_TOKEN_LIFETIME,
  type KeyPolicy,
} from "./key_policy.ts";
export type { PublicKeyMembers } from "./key_record.ts";
export type { RotateOptions, RotationResult } from "./key_changes.ts";
export { createKeyring, type Keyring } from "./keyring.ts";
export type { KeyringEvent, KeyringOptions } from "./keyring_options.ts";
export type { KeyringView, KeyStatus } from "./keyring_view.ts";
export type { KeyState } from "./lifecycle.ts";
export type { Rs256PoolOptions } from "./rs256_pool.ts";
export { encodeHeader, type SigningKey, signJwt } from "./sign_jwt.ts";
export { createSigners, type SignersOptions } from "./create_signers.ts";
export type { PrivateKey, Signer, Signers } from "./signer.ts";
export {
  KvError,
  type KvErrorCode,
  type KvErrorOptions,
  KvUnavailableError,
  KvValueError,
} from "../kv/errors.ts";
export type { CallGuardOptions } from "../kv/guard_calls.ts";
export type {
  Kv,
  KvAtomic,
  KvCheck,
  KvCommitResult,
  KvEntry,
  KvKey,
  KvListOptions,
  KvSelector,
  RawKvEntry,
} from "../kv/kv.ts";
export {
  type KvChange,
  type KvPageSelector,
  type KvSet,
  type ReliableKv,
  reliableKv,
  type ReliableKvOptions,
} from "../kv/reliable_kv.ts";
