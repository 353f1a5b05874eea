import type { GetIdTokenOptions } from "./source.ts";

/** What a token itself depends on. */
type Wishes = Omit<GetIdTokenOptions, "signal" | "forceRefresh">;

/** A checked request and the key it is cached under. */
export interface TokenWish extends Wishes {
  /** The party that the token is for. */
  readonly audience: string;
  /** Cache key: the audience itself when no option was given. */
  readonly key: string;
  /** Whether the key is the audience itself. */
  readonly plain: boolean;
}

// deno-lint-ignore no-control-regex -- they separate the parts of a cache key
const CONTROL = /[\u0000-\u001f\u007f]/;
const NAME = /^[\x21-\x7e]+$/;

/** Checks what a caller asks for; throws TypeError for what can only be a mistake in the program. */
export function tokenWish(audience: unknown, options: GetIdTokenOptions = {}): TokenWish {
  if (typeof audience !== "string" || audience.trim() === "" || CONTROL.test(audience)) {
    throw new TypeError(
      "Cannot get an identity token without an audience: name the party that the token is for, " +
        'such as getIdToken("https://api.example")',
    );
  }
  const { ttl, roles, sessionTags, sourceIdentity } = checkedOptions(options);
  if ((ttl ?? roles ?? sessionTags ?? sourceIdentity) === undefined) {
    return { audience, key: audience, plain: true };
  }
  const parts = [audience, ttl, roles?.join(" "), sessionTags?.join(" "), sourceIdentity];
  return { audience, ttl, roles, sessionTags, sourceIdentity, key: parts.join("\n"), plain: false };
}

function checkedOptions(options: GetIdTokenOptions): Wishes {
  const { ttl, sourceIdentity } = options;
  if (ttl !== undefined && !(Number.isSafeInteger(ttl) && ttl > 0)) {
    throw new TypeError("Cannot use option ttl: it must be a whole number of seconds above 0");
  }
  if (sourceIdentity !== undefined) requireNames([sourceIdentity], "sourceIdentity");
  const roles = names(options.roles, "roles");
  return { ttl, roles, sessionTags: names(options.sessionTags, "sessionTags"), sourceIdentity };
}

function names(list: readonly string[] | undefined, option: string): string[] | undefined {
  if (list === undefined) return undefined;
  requireNames(list, option);
  return list.length === 0 ? undefined : [...list];
}

function requireNames(list: readonly string[], option: string): void {
  const valid = Array.isArray(list) &&
    list.every((name) => typeof name === "string" && NAME.test(name));
  if (!valid) {
    throw new TypeError(`Cannot use option ${option}: it needs names without spaces`);
  }
}
