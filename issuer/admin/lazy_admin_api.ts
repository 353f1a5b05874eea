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
  let loading: Promise<AdminApi> | undefined;
  const load = () =>
    loading ??= import("./admin_api.ts").then(({ adminApi }) => adminApi(context, authenticate));
  return async (request, path, info) => await (await load())(request, path, info);
}
