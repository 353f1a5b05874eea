import { contextOf } from "../credentials/context.ts";
import { idTokenSource } from "../credentials/id_token_source.ts";
import type { Refreshing } from "../credentials/refreshing.ts";
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
 * ```ts ignore
 * import { ClientAssertionCredential } from "npm:@azure/identity";
 * import { azureAssertion } from "@signet/oidc/client/azure";
 *
 * const credential = new ClientAssertionCredential("<tenant>", "<client id>", azureAssertion());
 * ```
 */
export function azureAssertion(options: AzureAssertionOptions = {}): () => Promise<string> {
  const context = contextOf(options);
  const authority = authorityReader(options, context.env);
  let source: Refreshing<string> | undefined;
  return () => {
    source ??= idTokenSource(authority().audience, context);
    return source.get();
  };
}
