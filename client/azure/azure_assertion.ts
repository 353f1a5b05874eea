import { contextOf } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import { authorityReader } from "./authority.ts";
import type { AzureAssertionOptions } from "./options.ts";

/**
 * The callback that `ClientAssertionCredential` of `@azure/identity` takes: gives the identity token for Entra,
 * from memory while it is fresh, since the library asks for it often.
 *
 * Source: `@azure/identity`, `ClientAssertionCredential`.
 *
 * @throws {TypeError} An option is out of its bounds.
 *
 * @example
 * ```ts
 * import { ClientAssertionCredential } from "npm:@azure/identity@4";
 * import { azureAssertion } from "@signet/oidc/client/azure";
 *
 * const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
 * const clientId = "11111111-2222-3333-4444-555555555555";
 * const credential = new ClientAssertionCredential(tenantId, clientId, azureAssertion());
 * ```
 */
export function azureAssertion(options: AzureAssertionOptions = {}): () => Promise<string> {
  const context = contextOf(options);
  const authority = authorityReader(options, context.env);
  const source = deferred(async () => {
    const { idTokenSource } = await import("../credentials/id_token_source.ts");
    return idTokenSource(authority().audience, context);
  });
  return () => source.get();
}
