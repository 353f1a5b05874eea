import { pathOf } from "./path_of.ts";
import { addSecurityHeaders } from "./security_headers.ts";
import type { RequestInfo } from "./request_source.ts";
import { empty, methodNotAllowed, misdirected, notFound, tokenError } from "./respond.ts";

/** Answers one request. */
export type RouteAction = (request: Request, info?: RequestInfo) => Promise<Response> | Response;

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

/** The route table: exact paths, then the admin API, else 404. */
export function requestHandler(
  options: HandlerOptions,
): (request: Request, info?: RequestInfo) => Promise<Response> {
  const own = new URL(options.issuer);
  const adminPrefix = own.pathname.replace(/\/$/, "") + "/admin/";
  const https = own.protocol === "https:";
  const secure = (response: Response) => addSecurityHeaders(response, { https });

  function dispatch(request: Request, info?: RequestInfo): Promise<Response> | Response {
    if (options.hosts && !options.hosts.includes(new URL(request.url).host)) {
      return secure(misdirected());
    }
    const path = pathOf(request.url);
    const route = options.routes.get(path);
    const action = route && actionOf(route, request.method);
    if (action && route.secured) return action(request, info);
    if (route && !action) return secure(otherMethod(route, request.method));
    const answer = action ? action(request, info) : elsewhere(path, { request, info });
    return answer instanceof Promise ? answer.then(secure) : secure(answer);
  }

  function elsewhere(
    path: string,
    { request, info }: { request: Request; info?: RequestInfo },
  ): Promise<Response> | Response {
    if (path.startsWith(adminPrefix)) {
      return options.admin(request, path.slice(adminPrefix.length), info);
    }
    return notFound();
  }

  return async (request, info) => {
    let response: Response;
    try {
      const answer = dispatch(request, info);
      response = answer instanceof Promise ? await answer : answer;
    } catch (error) {
      response = secure(tokenError(error));
    }
    return request.method === "HEAD" ? new Response(null, response) : response;
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
