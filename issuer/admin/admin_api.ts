import { readBearer } from "../bearer.ts";
import { Problem, TokenError } from "../errors.ts";
import { readParameters } from "../parameters.ts";
import { parseStrictJson, StrictJsonError } from "../../verify/strict_json.ts";
import { BodyError, mediaType, readBody } from "../read_body.ts";
import { methodNotAllowed, notFound, problem } from "../respond.ts";
import { type RequestInfo, sourceOf } from "../request_source.ts";
import { type AdminAttempt, adminEvent, isEventful } from "./admin_event.ts";
import { showAudit } from "./audit_log.ts";
import type { AdminAuthenticator } from "./authenticate_admin.ts";
import type { AdminAction, AdminContext } from "./context.ts";
import { explainToken } from "./explain.ts";
import { addCredential, listCredentials, revokeCredential } from "./credentials.ts";
import { listKeys, revokeKey, rotateKeys } from "./keys.ts";
import {
  createWorkload,
  deleteWorkload,
  listWorkloads,
  patchWorkload,
  showOneWorkload,
} from "./workloads.ts";

type Methods = Readonly<Record<string, AdminAction>>;

/** Routes below `I/admin/`; `*` stands for one segment. */
const routes: readonly (readonly [path: string, methods: Methods])[] = [
  ["workloads", { GET: listWorkloads, POST: createWorkload }],
  ["workloads/*", { GET: showOneWorkload, PATCH: patchWorkload, DELETE: deleteWorkload }],
  ["workloads/*/credentials", { GET: listCredentials, POST: addCredential }],
  ["workloads/*/credentials/*", { DELETE: revokeCredential }],
  ["keys", { GET: listKeys }],
  ["keys/rotate", { POST: rotateKeys }],
  ["keys/*", { DELETE: revokeKey }],
  ["audit", { GET: showAudit }],
  ["explain", { POST: explainToken }],
];

/** The admin API; answers 404 to all when nobody can be an administrator. */
export function adminApi(
  context: AdminContext,
  authenticate: AdminAuthenticator | undefined,
): (request: Request, path: string, info?: RequestInfo) => Promise<Response> {
  if (!authenticate) return () => Promise.resolve(notFound());

  async function answer(request: Request, path: string, attempt: AdminAttempt): Promise<Response> {
    const actor = attempt.actor = await identify(request, authenticate!);
    const found = findRoute(path);
    if (!found) return notFound();
    attempt.route = found.pattern;
    attempt.values = found.values;
    // A caller can name its method as any member of an object is named.
    const known = Object.hasOwn(found.methods, attempt.method);
    const action = known ? found.methods[attempt.method] : undefined;
    if (!action) return methodNotAllowed(allowed(found.methods));
    const query = readQuery(request.url);
    const body = attempt.method === "GET" ? undefined : await readJson(request);
    return await action(context, { request, actor, path: found.values, query, body });
  }

  return async (request, path, info) => {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const attempt: AdminAttempt = { method, source: sourceOf(info) };
    const response = await answer(request, path, attempt).catch(problem);
    if (isEventful(attempt)) {
      const { issuer, now } = context;
      context.onEvent(adminEvent(attempt, { issuer, at: now(), status: response.status }));
    }
    return response;
  };
}

async function identify(request: Request, authenticate: AdminAuthenticator): Promise<string> {
  const bearer = readBearer(request);
  const actor = bearer ? await authenticate(bearer) : undefined;
  if (actor !== undefined) return actor;
  throw new Problem(
    "unauthenticated",
    "Cannot let this request in: send Authorization: Bearer <admin token>",
  );
}

interface FoundRoute {
  readonly pattern: string;
  readonly methods: Methods;
  readonly values: readonly string[];
}

function findRoute(path: string): FoundRoute | undefined {
  const segments = path.split("/");
  for (const [pattern, methods] of routes) {
    const expected = pattern.split("/");
    if (expected.length !== segments.length) continue;
    if (
      !expected.every((part, index) =>
        part === "*" ? segments[index] !== "" : part === segments[index]
      )
    ) continue;
    return { pattern, methods, values: segments.filter((_, index) => expected[index] === "*") };
  }
}

function allowed(methods: Methods): string {
  const names = Object.keys(methods);
  return [...names, ...(names.includes("GET") ? ["HEAD"] : [])].join(", ");
}

function readQuery(url: string): ReadonlyMap<string, string> {
  const start = url.indexOf("?");
  try {
    return readParameters(start < 0 ? "" : url.slice(start + 1));
  } catch (error) {
    throw error instanceof TokenError ? new Problem("invalid", error.message) : error;
  }
}

async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request).catch((error) => {
    throw error instanceof BodyError ? bodyProblem(error) : error;
  });
  if (bytes.length === 0) return undefined;
  const type = mediaType(request);
  if (type !== "application/json" && type !== "application/merge-patch+json") {
    throw new Problem("unsupported_media_type", "Cannot read the body: send application/json");
  }
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    throw error instanceof StrictJsonError ? new Problem("invalid", error.message) : error;
  }
}

function bodyProblem(error: BodyError): Problem {
  return new Problem(error.code === "malformed" ? "invalid" : error.code, error.message);
}
