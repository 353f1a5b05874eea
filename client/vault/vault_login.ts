import type { VaultLoginOptions, VaultSession } from "./options.ts";

/**
 * Logs in to Vault or OpenBao with an identity token (JWT auth method), without any secret. The session renews its
 * token min(300 s, 20 %) before it expires, when it is used, logs in again where renewing ends, and revokes the
 * token when it is disposed.
 *
 * Source: Vault API, JWT/OIDC auth method `login`, token `renew-self` and `revoke-self`.
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {VaultError} Vault, or the way there, refused.
 *
 * @example
 * ```ts
 * import { vaultLogin } from "@signet/oidc/client/vault";
 *
 * async function password(): Promise<string> {
 *   await using vault = await vaultLogin({ address: "https://vault.example", role: "web" });
 *   const response = await vault.fetch("secret/data/shop");
 *   const { data } = await response.json();
 *   return data.data.password;
 * }
 * ```
 */
export async function vaultLogin(options: VaultLoginOptions = {}): Promise<VaultSession> {
  // Loaded on first use: importing a helper must cost next to nothing.
  return await (await import("./start_session.ts")).startSession(options);
}
