import { CliError } from "./errors.ts";
import type { ExitName } from "./exit_codes.ts";
import { connectError } from "./connect_error.ts";
import { nameOfPointer } from "./pointer_name.ts";

/** What {@linkcode createAdminClient} needs. */
export interface AdminClientOptions {
  /** The issuer's URL, without a trailing slash. */
  readonly issuer: string;
  /** The admin token; sent to the issuer and nowhere else. */
  readonly adminToken: string;
  /** Default: the runtime's own. */
  readonly fetch?: typeof fetch;
  /** Milliseconds until a request is given up. Default: 15000. */
  readonly timeoutMs?: number;
}

/** One request to the admin API. */
export interface AdminRequest {
  /** Default: `GET`. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path under `/admin`, made by {@linkcode adminPath}. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The ETag that the thing must still have. */
  readonly ifMatch?: string;
}

/** An answer of the admin API. */
export interface AdminResponse<T> {
  readonly body: T;
  readonly etag?: string;
}

/** Talks to `I/admin`. */
export interface AdminClient {
  /** Sends one request. @throws {CliError} when the issuer refuses or cannot be reached. */
  send<T>(request: AdminRequest): Promise<AdminResponse<T>>;
}

/** A problem document (RFC 9457) as the admin API sends it. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly detail?: string }[];
}

const CODE_BY_STATUS: Readonly<Record<number, ExitName>> = {
  401: "unauthorized",
  403: "unauthorized",
  404: "notFound",
  409: "conflict",
  412: "conflict",
  428: "conflict",
};

/** Joins path segments, each escaped. */
export function adminPath(...segments: readonly string[]): string {
  return segments.map((segment) => "/" + encodeURIComponent(segment)).join("");
}

/** Makes an {@linkcode AdminClient}. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  const { issuer, timeoutMs = 15_000 } = options;
  const send = async <T>(request: AdminRequest): Promise<AdminResponse<T>> => {
    const response = await sendRequest(options, request, timeoutMs);
    const text = await response.text();
    if (!response.ok) throw refusal(response, { request, body: parseJson(text) });
    const body = text === "" ? undefined : parseJson(text);
    if (text !== "" && body === undefined) throw notSignet(issuer);
    return { body: body as T, etag: response.headers.get("etag") ?? undefined };
  };
  return { send };
}

async function sendRequest(
  options: AdminClientOptions,
  request: AdminRequest,
  timeoutMs: number,
): Promise<Response> {
  const { issuer, adminToken } = options;
  const headers = new Headers({
    authorization: `Bearer ${adminToken}`,
    accept: "application/json",
  });
  if (request.ifMatch !== undefined) headers.set("if-match", request.ifMatch);
  if (request.body !== undefined) {
    const type = request.method === "PATCH" ? "application/merge-patch+json" : "application/json";
    headers.set("content-type", type);
  }
  try {
    return await (options.fetch ?? fetch)(`${issuer}/admin${request.path}`, {
      method: request.method ?? "GET",
      headers,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      redirect: "manual", // a redirect would take the admin token elsewhere
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw connectError(issuer, cause);
  }
}

function refusal(
  response: Response,
  { request, body }: { request: AdminRequest; body: unknown },
): CliError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Problem;
  const { status } = response;
  const code = CODE_BY_STATUS[status] ?? (status >= 500 ? "unreachable" : "failed");
  const told = problem.detail ?? problem.title ?? `The issuer answered ${status}`;
  // The API tells who speaks HTTP what to send; here the token was sent, and is another one.
  const what = /Authorization: Bearer/.test(told)
    ? "Cannot get in: the issuer does not know this admin token"
    : told;
  return new CliError(code, what, {
    details: (problem.errors ?? []).map(({ pointer, detail }) =>
      [pointer && nameOfPointer(pointer), detail].filter(Boolean).join(": ")
    ),
    next: adviceFor(response, { problem, request }),
  });
}

function adviceFor(
  response: Response,
  { problem, request }: { problem: Problem; request: AdminRequest },
): string | undefined {
  if (response.status === 401) return "Set SIGNET_ADMIN_TOKEN to the admin token of this issuer.";
  if (response.status === 412) return "Somebody changed it meanwhile: look again, then repeat.";
  if (response.status === 429 || response.status === 503) {
    const wait = response.headers.get("retry-after");
    return wait ? `Try again in ${wait} s.` : "Try again in a moment.";
  }
  if (response.status === 404 && problem.title === undefined) {
    return "Check SIGNET_ISSUER, and that the issuer runs with SIGNET_ADMIN_TOKEN.";
  }
  if (response.status === 404) return whereToLook(request);
  return undefined;
}

/** The command that lists what there is. */
function whereToLook({ path }: AdminRequest): string | undefined {
  const [, room, id, what, one] = path.split("/");
  if (room !== "workloads") return undefined;
  return what === "credentials" && one ? `signet credential list ${id}` : "signet workload list";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notSignet(issuer: string): CliError {
  return new CliError("failed", `Cannot read the answer of ${issuer}: it is not JSON`, {
    next: "Check that SIGNET_ISSUER is the URL of a Signet issuer.",
  });
}
