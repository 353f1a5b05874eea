import { andThen, type Eventual, orElse } from "./eventual.ts";
import { pathOf } from "./path_of.ts";
import { addSecurityHeaders } from "./security_headers.ts";
import type { RequestInfo } from "./request_source.ts";
import { empty, methodNotAllowed, misdirected, notFound, tokenError } from "./respond.ts";

/** Answers one request. */
export type RouteAction = (request: Request, info?: RequestInfo) => Eventual<Response>;

/** Methods of a route; HEAD is served by GET. */
export interface Route extends Readonly<Partial<Record<"GET" | "POST", RouteAction>>> {
  /** Its answers carry the security headers already. */
  readonly secured?: true;
}

/** What the handler dispatches to. */
export interface HandlerOptions {
  /** The configured issuer URL: the only source of scheme, host and path (threat 47). */
  readonly issuer: string;
  /** Routes by full path. */
  readonly routes: ReadonlyMap<string, Route>;
  /** All below `I/admin/`; gets the rest of the path. */
  readonly admin: (request: Request, path: string, info?: RequestInfo) => Promise<Response>;
  /** Hosts to answer for; any by default, since none is ever believed. */
  readonly hosts?: readonly string[];
}

/** The route table: exact paths, then the admin API, else 404. The action that it makes never throws. */
export function requestHandler(options: HandlerOptions): RouteAction {
  const own = new URL(options.issuer);
  const adminPrefix = own.pathname.replace(/\/$/, "") + "/admin/";
  const https = own.protocol === "https:";
  const secure = (response: Response) => addSecurityHeaders(response, { https });

  function dispatch(request: Request, info?: RequestInfo): Eventual<Response> {
    if (options.hosts && !options.hosts.includes(new URL(request.url).host)) {
      return secure(misdirected());
    }
    const path = pathOf(request.url);
    const route = options.routes.get(path);
    const action = route && actionOf(route, request.method);
    if (action && route.secured) return action(request, info);
    if (route && !action) return secure(otherMethod(route, request.method));
    const answer = action ? action(request, info) : elsewhere(path, { request, info });
    return andThen(answer, secure);
  }

  function elsewhere(
    path: string,
    { request, info }: { request: Request; info?: RequestInfo },
  ): Eventual<Response> {
    if (path.startsWith(adminPrefix)) {
      return options.admin(request, path.slice(adminPrefix.length), info);
    }
    return notFound();
  }

  return (request, info) => {
    const answer = orElse(() => dispatch(request, info), (error) => secure(tokenError(error)));
    if (request.method !== "HEAD") return answer;
    return andThen(answer, (response) => new Response(null, response));
  };
}

function actionOf(route: Route, method: string): RouteAction | undefined {
  if (method === "POST") return route.POST;
  return method === "GET" || method === "HEAD" ? route.GET : undefined;
}

function otherMethod(route: Route, method: string): Response {
  const allow = [...(route.GET ? ["GET", "HEAD"] : []), ...(route.POST ? ["POST"] : []), "OPTIONS"]
    .join(", ");
  return method === "OPTIONS" ? empty(204, { allow }) : methodNotAllowed(allow);
}
