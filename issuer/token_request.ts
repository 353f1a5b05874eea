import type { CheckAudience } from "./check_audience.ts";
import { TokenError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";

/** What a caller asks for, whatever way it came in. */
export interface TokenRequest {
  readonly audience: string;
  /** Seconds. */
  readonly ttl?: number;
  /** AWS role ARNs that the token is good for. */
  readonly roles?: readonly string[];
  /** Names of verified claims that become AWS session tags. */
  readonly sessionTags?: readonly string[];
  /** Name of the verified claim that becomes the AWS source identity. */
  readonly sourceIdentity?: string;
}

/** Reads the parameters that every grant shares. */
export function readTokenRequest(parameters: Parameters, check: CheckAudience): TokenRequest {
  return {
    audience: readAudience(parameters, check),
    ttl: readTtl(parameters.get("ttl")),
    roles: readList(parameters, { name: "roles", most: 10 }),
    sessionTags: readList(parameters, { name: "session_tags", most: 50 }),
    sourceIdentity: parameters.get("source_identity"),
  };
}

/** One audience, as `audience` (RFC 8693 §2.1) or `resource` (RFC 8707 §2). */
function readAudience(parameters: Parameters, check: CheckAudience): string {
  const audience = parameters.get("audience");
  const resource = parameters.get("resource");
  if (audience !== undefined && resource !== undefined && audience !== resource) {
    throw new TokenError(
      "invalid_target",
      "Cannot issue a token for two targets: send one audience",
    );
  }
  const target = audience ?? resource;
  if (target === undefined) {
    throw new TokenError(
      "invalid_request",
      "Cannot issue a token: the parameter audience is missing",
    );
  }
  check(target);
  return target;
}

function readTtl(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new TokenError(
    "invalid_request",
    "Cannot read ttl: send a whole number of seconds, at least 1",
  );
}

function readList(
  parameters: Parameters,
  { name, most }: { name: string; most: number },
): readonly string[] | undefined {
  const items = parameters.get(name)?.split(" ").filter((item) => item !== "");
  if (items === undefined || items.length === 0) return undefined;
  if (items.length <= most && new Set(items).size === items.length) return items;
  throw new TokenError(
    "invalid_request",
    `Cannot read ${name}: send at most ${most} different values, separated by spaces`,
  );
}
