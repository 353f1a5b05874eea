import { IdTokenError } from "../errors.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { notReady } from "./held_token.ts";

const LABEL = "Deno Deploy";
const MODULE = "jsr:@deno/oidc";
const DISABLED =
  "it gives this program no identity. Deploy it as an app of the current Deno Deploy";

interface DenoOidc {
  getIdToken(audience: string): Promise<string>;
  supportsIssuingIdTokens?: unknown;
}

/** Deno Deploy's own tokens (docs.deno.com/deploy/reference/oidc), by its module, loaded only here. */
export async function denoDeploy({ runtime }: SourceSetup): Promise<TokenSource> {
  const module = await loadModule(runtime.importModule);
  if (!await supported(module.supportsIssuingIdTokens)) throw notReady(LABEL, DISABLED);
  const getToken = async ({ audience, signal }: TokenRequest) => {
    try {
      return { token: await module.getIdToken(audience) };
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const message = `Cannot get an identity token from ${LABEL}: its module ${MODULE} failed. ` +
        "Try again; if it lasts, see the cause";
      throw new IdTokenError(message, { code: "unavailable", cause });
    }
  };
  return { label: LABEL, mayRepeat: true, getToken };
}

async function loadModule(
  importModule: (specifier: string) => Promise<unknown>,
): Promise<DenoOidc> {
  try {
    return await importModule(MODULE) as DenoOidc;
  } catch (cause) {
    const missing =
      `${MODULE} cannot be loaded. Run "deno add ${MODULE}", or pass its getIdToken ` +
      "to createIdTokenClient as source";
    throw notReady(LABEL, missing, cause);
  }
}

// Documented as a property, seen in use as a function: both are understood.
async function supported(value: unknown): Promise<boolean> {
  return value === undefined || !!(typeof value === "function" ? await value() : value);
}
