/**
 * Google Cloud for a workload: an identity token in; access tokens, ID tokens, or a supplier for
 * google-auth-library out.
 *
 * @example
 * ```ts
 * import { googleAccessToken } from "@signet/oidc/client/gcp";
 *
 * const accessToken = googleAccessToken({
 *   provider:
 *     "projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer",
 * });
 * // const { token } = await accessToken();
 * ```
 *
 * @module
 */
export { googleAccessToken } from "./gcp/google_access_token.ts";
export { googleIdToken } from "./gcp/google_id_token.ts";
export {
  type GoogleSubjectTokenSupplier,
  subjectTokenSupplier,
  type SubjectTokenSupplierOptions,
} from "./gcp/subject_token_supplier.ts";
export { GoogleCredentialError } from "./gcp/gcp_error.ts";
export type {
  GoogleAccessTokenOptions,
  GoogleIdTokenOptions,
  GoogleProviderOptions,
  GoogleToken,
  GoogleTokenSource,
} from "./gcp/options.ts";
export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
