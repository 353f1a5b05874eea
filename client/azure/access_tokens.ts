import type { Context } from "../credentials/context.ts";
import { firstEnv } from "../credentials/context.ts";
import { isObject, jsonObject } from "../credentials/json.ts";
import { type Mint, mintFor, withToken } from "../credentials/mint.ts";
import { type Expiring, type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { retry } from "../credentials/retry.ts";
import { untilAborted } from "../until_aborted.ts";
import { abortSignalOf } from "./abort_signal_of.ts";
import type { Authority } from "./authority.ts";
import { azureFailure } from "./azure_error.ts";
import { checkTenant } from "./check_tenant.ts";
import type { AzureAccessToken, AzureCredentialOptions, AzureGetTokenOptions } from "./options.ts";
import { requestToken } from "./request_token.ts";

const mostHeld = 100;
const cae = '{"access_token":{"xms_cc":{"values":["cp1"]}}}';

interface Plan {
  readonly authority: Authority;
  readonly tenantId: string;
  readonly clientId: string;
  readonly mint: Mint;
}

/** Gives the access token for scopes; the answer is shared and must be copied. */
export type AccessTokens = (
  scopes: string | string[],
  asked: AzureGetTokenOptions,
) => Promise<AzureAccessToken>;

/** The held access tokens of options that are sound, one per tenant and scopes. */
export function accessTokens(
  options: AzureCredentialOptions,
  authority: () => Authority,
  context: Context,
): AccessTokens {
  const held = new Map<string, Refreshing<AzureAccessToken>>();
  const challenges = new Map<string, Promise<AzureAccessToken>>();
  const allowed = options.additionallyAllowedTenants ?? [];
  let plan: Plan | undefined;

  function hold(key: string, ask: Ask, { mint }: Plan, first?: Expiring<AzureAccessToken>) {
    if (held.size >= mostHeld) held.clear();
    const tokens = refreshing(() => load(mint, ask, context), context, first);
    held.set(key, tokens);
    return tokens;
  }

  // One caller's challenge: until it is met, everyone else goes on with the token that is held.
  async function meet(key: string, asked: Ask, found: { plan: Plan; plain: Ask }) {
    const first = await load(found.plan.mint, asked, context);
    hold(key, found.plain, found.plan, first);
    return first.value;
  }

  return async (scopes, asked) => {
    const found = plan ??= planOf(options, authority(), context);
    const plain = askOf(found, scopes, { asked: { ...asked, claims: undefined }, allowed });
    const key = [plain.tenantId, plain.scope, asked.enableCae ? "cae" : ""].join("\n");
    const signal = abortSignalOf(asked.abortSignal);
    if (!asked.claims) return await (held.get(key) ?? hold(key, plain, found)).get(signal);
    const challenge = `${key}\n${asked.claims}`;
    const ask = { ...plain, claims: claimsOf(asked) };
    return await untilAborted(signal, () => {
      let met = challenges.get(challenge);
      if (met) return met;
      met = meet(key, ask, { plan: found, plain }).finally(() => challenges.delete(challenge));
      challenges.set(challenge, met);
      return met;
    });
  };
}

type Ask = Parameters<typeof requestToken>[1];

async function load(
  mint: Mint,
  ask: Ask,
  context: Context,
): Promise<Expiring<AzureAccessToken>> {
  const token = await withToken(
    mint,
    (assertion) => retry(context, () => requestToken(assertion, ask, context)),
  );
  return {
    value: token,
    expiresAt: token.expiresOnTimestamp,
    ...(token.refreshAfterTimestamp && { refreshAt: token.refreshAfterTimestamp }),
  };
}

function planOf(options: AzureCredentialOptions, authority: Authority, context: Context): Plan {
  const read = (name: string) => firstEnv(context.env, [`SIGNET_AZURE_${name}`, `AZURE_${name}`]);
  const tenantId = options.tenantId ?? read("TENANT_ID");
  const clientId = options.clientId ?? read("CLIENT_ID");
  if (tenantId && clientId) {
    const mint = mintFor(authority.audience, context);
    return { authority, tenantId: checkTenant(tenantId), clientId, mint };
  }
  throw azureFailure("sign in to Azure")({
    code: "not_configured",
    vendorMessage: `no ${tenantId ? "client" : "tenant"} is named`,
    advice: "Pass tenantId and clientId, or set SIGNET_AZURE_TENANT_ID and SIGNET_AZURE_CLIENT_ID.",
  });
}

function askOf(
  plan: Plan,
  scopes: string | string[],
  { asked, allowed }: { asked: AzureGetTokenOptions; allowed: readonly string[] },
): Ask {
  const tenantId = asked.tenantId ?? plan.tenantId;
  const known = tenantId === plan.tenantId || allowed.includes(tenantId) || allowed.includes("*");
  if (!known) {
    throw azureFailure("sign in to Azure")({
      code: "not_configured",
      vendorMessage: "the client asks for a token of another tenant",
      advice: "Add that tenant to additionallyAllowedTenants if it is meant.",
    });
  }
  const scope = typeof scopes === "string" ? scopes : scopes.join(" ");
  if (!scope) throw new TypeError("Cannot get an Azure token: scopes are empty");
  return {
    authorityHost: plan.authority.host,
    tenantId: checkTenant(tenantId),
    clientId: plan.clientId,
    scope,
    claims: claimsOf(asked),
  };
}

/** The claims of a challenge, with the client's capability where it names it. */
function claimsOf({ claims, enableCae }: AzureGetTokenOptions): string | undefined {
  if (!enableCae) return claims;
  if (!claims) return cae;
  const challenge = jsonObject(claims);
  if (!challenge) return claims;
  const capability = (JSON.parse(cae) as { access_token: Record<string, unknown> }).access_token;
  const demanded = isObject(challenge.access_token) ? challenge.access_token : {};
  return JSON.stringify({ ...challenge, access_token: { ...demanded, ...capability } });
}
