import { equalDigests, sha256Hex } from "../workloads/request_token.ts";
import type { AdminAuthenticator } from "./admin_api.ts";

/** Administrators by one shared token, compared in constant time. */
export function adminTokenAuthenticator(token: string): AdminAuthenticator {
  const expected = sha256Hex(token);
  return (bearer) => equalDigests(sha256Hex(bearer), expected) ? "admin-token" : undefined;
}
