/**
 * Vault and OpenBao for a workload: an identity token in, a session that renews itself out.
 *
 * @example
 * ```ts
 * import { vaultLogin } from "@signet/oidc/client/vault";
 *
 * async function readSecret(path: string): Promise<unknown> {
 *   await using vault = await vaultLogin({ address: "https://vault.example", role: "web" });
 *   return (await (await vault.fetch(path)).json()).data;
 * }
 * ```
 *
 * @module
 */
export { vaultLogin } from "./vault/vault_login.ts";
export { VaultError } from "./vault/vault_error.ts";
export type { VaultLoginOptions, VaultSession, VaultTokenInfo } from "./vault/options.ts";
export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
