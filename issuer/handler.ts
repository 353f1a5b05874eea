import { addSecurityHeaders } from "./security_headers.ts";
import type { RequestInfo } from "./request_source.ts";
import { empty, methodNotAllowed, misdirected, notFound, tokenError } from "./respond.ts";

/** Answers one request. */
export type RouteAction = (request: Request, info?: RequestInfo) => Promise<Response> | Response;

/** Methods of a route; HEAD is served by GET. */
export type Route = Readonly<Partial<Record<"GET" | "POST", RouteAction>>>;

/** What the handler dispatches to. */
export interface HandlerOptions {
  /** The configured issuer URL: the only source of scheme, host and path (threat 47). */
  readonly issuer: string;
  /** Routes by full path. */
  readonly routes: ReadonlyMap<string, Route>;
  /** All below `I/admin/`; gets the rest of the path. */
  readonly admin: (request: Request, path: string) => Promise<Response>;
  /** Hosts to answer for; any by default, since none is ever believed. */
  readonly hosts?: readonly string[];
}

/** The route table: exact paths, then the admin API, else 404. */
export function requestHandler(
  options: HandlerOptions,
): (request: Request, info?: RequestInfo) => Promise<Response> {
  const own = new URL(options.issuer);
  const adminPrefix = own.pathname.replace(/\/$/, "") + "/admin/";
  const https = own.protocol === "https:";

  function dispatch(request: Request, info?: RequestInfo): Promise<Response> | Response {
    if (options.hosts && !options.hosts.includes(new URL(request.url).host)) return misdirected();
    const path = pathOf(request.url);
    const route = options.routes.get(path);
    if (route) return callRoute(route, { request, info });
    if (path.startsWith(adminPrefix)) return options.admin(request, path.slice(adminPrefix.length));
    return notFound();
  }

  return async (request, info) => {
    let response: Response;
    try {
      response = await dispatch(request, info);
    } catch (error) {
      response = tokenError(error);
    }
    if (request.method === "HEAD") response = new Response(null, response);
    return addSecurityHeaders(response, { https });
  };
}

function callRoute(
  route: Route,
  { request, info }: { request: Request; info?: RequestInfo },
): Promise<Response> | Response {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const action = method === "GET" || method === "POST" ? route[method] : undefined;
  if (action) return action(request, info);
  const allow = [...(route.GET ? ["GET", "HEAD"] : []), ...(route.POST ? ["POST"] : []), "OPTIONS"]
    .join(", ");
  return method === "OPTIONS" ? empty(204, { allow }) : methodNotAllowed(allow);
}

/** The path as it came, without the cost of parsing a URL. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}
