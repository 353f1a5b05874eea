import { contextOf } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import type { CredentialOptions } from "../credentials/options.ts";
import type { Refreshing } from "../credentials/refreshing.ts";
import { longLife } from "./long_life.ts";

/** Options of {@linkcode subjectTokenSupplier}. */
export interface SubjectTokenSupplierOptions extends CredentialOptions {
  /** Audience of the identity token. Default: `https:` and the audience that google-auth-library asks for. */
  idTokenAudience?: string;
  /** Lifetime to ask for in seconds, at least 1. Default 3,600, as google-auth-library exchanges short ones at each call. */
  ttl?: number;
}

/** What google-auth-library's `IdentityPoolClient` takes as `subject_token_supplier`. */
export interface GoogleSubjectTokenSupplier {
  /** The identity token for the provider that the library names. */
  getSubjectToken(context: { audience: string }): Promise<string>;
}

/**
 * Identity tokens for google-auth-library, and with it for every `@google-cloud` client.
 *
 * Source: google-auth-library, `SubjectTokenSupplier`.
 *
 * @throws {TypeError} An option is out of its bounds.
 *
 * @example
 * ```ts
 * import { IdentityPoolClient } from "npm:google-auth-library@11";
 * import { subjectTokenSupplier } from "@signet/oidc/client/gcp";
 *
 * const authClient = new IdentityPoolClient({
 *   audience:
 *     "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer",
 *   subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
 *   subject_token_supplier: subjectTokenSupplier(),
 * });
 * ```
 */
export function subjectTokenSupplier(
  options: SubjectTokenSupplierOptions = {},
): GoogleSubjectTokenSupplier {
  const context = contextOf(options);
  const asks = { ...longLife, wishes: { ttl: options.ttl ?? longLife.wishes.ttl } };
  // One client asks for one audience; a supplier shared by many stays small all the same.
  const sources = new Map<string, Refreshing<string>>();
  return {
    getSubjectToken: (asked) => {
      const audience = options.idTokenAudience ?? asked.audience.replace(/^\/\//, "https://");
      let source = sources.get(audience);
      if (!source) {
        if (sources.size >= 100) sources.clear();
        source = deferred(async () => {
          const { idTokenSource } = await import("../credentials/id_token_source.ts");
          return idTokenSource(audience, context, asks);
        });
        sources.set(audience, source);
      }
      return source.get();
    },
  };
}
