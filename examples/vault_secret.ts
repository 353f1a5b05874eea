// A program that reads a secret of Vault (or OpenBao) as itself: no Vault token anywhere. VAULT_ADDR names the server
// and SIGNET_VAULT_ROLE the role that `signet setup vault` made. The session renews itself and is revoked at the end.
import { VaultError, vaultLogin } from "@signet/oidc/client/vault";

const path = Deno.args[0] ?? "secret/data/web/database";

try {
  await using vault = await vaultLogin();
  const response = await vault.fetch(path);
  if (!response.ok) throw new Error(`Cannot read ${path}: Vault answered ${response.status}`);
  const { data } = await response.json();
  console.log(`${path} holds: ${Object.keys(data.data).join(", ")}`); // never print a secret's value
} catch (error) {
  console.error((error as Error).message); // a VaultError says what to do, and holds no token
  Deno.exit(error instanceof VaultError ? 2 : 1);
}
