/**
 * A strict stand-in for Google Cloud: the Security Token Service, IAM Service Account Credentials, and as much of
 * Cloud Storage as shows that their tokens work. It reads the issuer's discovery and keys itself, verifies with
 * jose, holds tokens to Google's documented and measured limits, and answers in Google's own shapes and words.
 */
import { answerIamCredentials, answerStorage } from "./google/apis.ts";
import { answerSts } from "./google/sts.ts";
import {
  faultResponse,
  type PoolProvider,
  type ServiceAccount,
  type World,
} from "./google/world.ts";

export { ApiFault, StsFault } from "./google/world.ts";

export interface FakeGoogleOptions {
  readonly providers: readonly PoolProvider[];
  readonly accounts?: readonly ServiceAccount[];
  readonly storageUsers?: readonly string[];
  readonly now?: () => number;
}

export interface FakeGoogle {
  readonly world: World;
  /** Every request, as "METHOD path". */
  readonly log: string[];
  /** Answered, one each, before anything else happens. */
  readonly faults: (Error | Response)[];
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

export function fakeGoogle(options: FakeGoogleOptions): FakeGoogle {
  const world: World = {
    providers: options.providers,
    accounts: options.accounts ?? [],
    storageUsers: options.storageUsers ?? [],
    now: options.now ?? Date.now,
    grants: new Map(),
    objects: new Map(),
  };
  const log: string[] = [];
  const faults: (Error | Response)[] = [];
  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    log.push(`${request.method} ${decodeURIComponent(new URL(request.url).pathname)}`);
    const fault = faults.shift();
    if (fault instanceof Response) return fault;
    try {
      if (fault) throw fault;
      return await route(request, world);
    } catch (error) {
      return faultResponse(error);
    }
  };
  return { world, log, faults, fetch: answer };
}

async function route(request: Request, world: World): Promise<Response> {
  if (new URL(request.url).pathname === "/v1/token") return await answerSts(request, world);
  return await answerIamCredentials(request, world) ?? await answerStorage(request, world);
}
