/**
 * A strict stand-in for AWS: STS, and as much of S3 and DynamoDB as shows that its credentials work. It reads the
 * issuer's discovery and keys itself, verifies with jose, holds tokens to AWS's documented and recorded limits, and
 * answers in AWS's own shapes and words.
 */
import { stsError, type StsFault } from "./aws/answers.ts";
import { answerDynamo, answerS3 } from "./aws/data.ts";
import { answerSts } from "./aws/sts.ts";
import type { Provider, Role, World } from "./aws/world.ts";

export interface FakeAwsOptions {
  readonly providers: readonly Provider[];
  readonly roles: readonly Role[];
  readonly disabledRegions?: readonly string[];
  readonly now?: () => number;
}

export interface FakeAws {
  readonly world: World;
  /** Every request, as "METHOD host action". */
  readonly log: string[];
  /** Answered, one each, before anything else happens. */
  readonly faults: (StsFault | Response)[];
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

export { StsFault } from "./aws/answers.ts";

export function fakeAws(options: FakeAwsOptions): FakeAws {
  const world: World = {
    providers: options.providers,
    roles: options.roles,
    disabledRegions: options.disabledRegions ?? [],
    now: options.now ?? Date.now,
    sessions: new Map(),
    objects: new Map(),
    items: new Map(),
  };
  const log: string[] = [];
  const faults: (StsFault | Response)[] = [];
  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    log.push(`${request.method} ${new URL(request.url).host} ${nameOf(request, body)}`);
    init?.signal?.throwIfAborted();
    const fault = request.method === "POST" ? faults.shift() : undefined;
    if (fault) return fault instanceof Response ? fault : stsError(fault);
    return await route(request, body, world);
  };
  return { world, log, faults, fetch: answer };
}

function route(
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  world: World,
): Response | Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (request.headers.has("x-amz-target")) return answerDynamo(request, body, world);
  if (request.method === "POST" && pathname === "/") return answerSts(request, body, world);
  // What STS does with a bare GET: it shows the product page.
  if (pathname === "/" && !search) {
    return new Response(null, { status: 302, headers: { location: "https://aws.amazon.com/iam" } });
  }
  return answerS3(request, body, world);
}

function nameOf(request: Request, body: Uint8Array): string {
  const target = request.headers.get("x-amz-target");
  if (target) return target.split(".")[1]!;
  const form = request.method === "POST" && new URLSearchParams(new TextDecoder().decode(body));
  return form && form.get("Action") || new URL(request.url).pathname;
}
