import { checkUrl } from "../credentials/check_url.ts";
import { type Context, contextOf, firstEnv } from "../credentials/context.ts";
import { type Mint, mintFor, withToken } from "../credentials/mint.ts";
import { callVault, readAuth, type VaultAuth, type VaultPlace } from "./call_vault.ts";
import type { VaultLoginOptions, VaultSession } from "./options.ts";
import { vaultFailure } from "./vault_error.ts";
import { openSession } from "./vault_session.ts";

/** Checks the options, logs in, and keeps the session. */
export async function startSession(options: VaultLoginOptions): Promise<VaultSession> {
  const context = contextOf(options);
  const login = loginOf(options, context);
  return await openSession({ context, place: login.place, login: () => logIn(login, context) });
}

interface Login {
  readonly place: VaultPlace;
  readonly mount: string;
  readonly role: string;
  readonly mint: Mint;
}

function loginOf(options: VaultLoginOptions, context: Context): Login {
  const { env } = context;
  const address = options.address ?? firstEnv(env, ["SIGNET_VAULT_ADDR", "VAULT_ADDR", "BAO_ADDR"]);
  const role = options.role ?? firstEnv(env, ["SIGNET_VAULT_ROLE"]);
  if (!address || !role) {
    throw vaultFailure("log in to Vault")({
      code: "not_configured",
      vendorMessage: `no ${address ? "role" : "address"} is named`,
      advice: address
        ? "Pass role, or set SIGNET_VAULT_ROLE."
        : "Pass address, or set SIGNET_VAULT_ADDR.",
    });
  }
  const checked = checkUrl("address", address);
  const namespace = options.namespace ?? firstEnv(env, ["VAULT_NAMESPACE", "BAO_NAMESPACE"]);
  return {
    place: { address: checked, namespace: namespace?.replace(/^\/+|\/+$/g, "") || undefined },
    mount: checkMount(options.mount ?? "jwt"),
    role,
    mint: mintFor(options.audience ?? "vault", context),
  };
}

function checkMount(mount: string): string {
  const name = mount.replace(/^\/+|\/+$/g, "").replace(/^auth\//, "");
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(name) && !/(?:^|\/)\.\.?(?:\/|$)/.test(name)) return name;
  throw new TypeError("Cannot use mount: expected a path such as jwt or team/jwt");
}

function logIn({ place, mount, role, mint }: Login, context: Context): Promise<VaultAuth> {
  const purpose = `log in to Vault as ${role}`;
  return withToken(mint, async (jwt) => {
    const call = { path: `auth/${mount}/login`, purpose, body: { role, jwt }, secret: jwt };
    return readAuth(await callVault(call, place, context), purpose, context.now());
  });
}
