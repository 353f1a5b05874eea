import { lazily } from "../lazily.ts";
import type { RequestInfo } from "../request_source.ts";
import type { AdminAuthenticator } from "./authenticate_admin.ts";
import type { AdminContext } from "./context.ts";

/** Answers what is below `I/admin/`. */
type AdminApi = (request: Request, path: string, info?: RequestInfo) => Promise<Response>;

/** The admin API, loaded at its first request: a first token must not wait for it. */
export function lazyAdminApi(
  context: AdminContext,
  authenticate: AdminAuthenticator | undefined,
): AdminApi {
  return lazily(async () => (await import("./admin_api.ts")).adminApi(context, authenticate));
}
