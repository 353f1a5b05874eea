/** What a helper may ask of the identity token; each member is a wish that some sources cannot meet. */
export interface IdTokenWishes {
  /** Lifetime in seconds. */
  ttl?: number;
  /** AWS role ARNs that alone the token may open. */
  roles?: readonly string[];
  /** Names of verified claims to pass on as AWS session tags. */
  sessionTags?: readonly string[];
  /** Name of the verified claim to pass on as AWS source identity. */
  sourceIdentity?: string;
  /** Do not answer from a cache. */
  forceRefresh?: boolean;
  /** Gives up when aborted. */
  signal?: AbortSignal;
}

/** `getIdToken` of `@signet/oidc`, of `jsr:@deno/oidc`, or any function that mints a token for an audience. */
export type GetIdToken = (audience: string, options?: IdTokenWishes) => Promise<string>;

/** Options that every cloud helper takes. */
export interface CredentialOptions {
  /** Mints the identity token. Default: `client.getIdToken`, else `getIdToken` of `@signet/oidc`. */
  getIdToken?: GetIdToken;
  /** A client of `createIdTokenClient`. Default: the one behind `getIdToken`. */
  client?: { getIdToken: GetIdToken };
  /** Stops all requests of this helper when aborted. Default: none. */
  signal?: AbortSignal;
  /** Deadline of one HTTP request, in milliseconds, 1 to 120,000. Default 10,000. */
  timeoutMs?: number;
  /** Attempts at an answer that the vendor calls retryable, 1 to 10. Default 3. */
  attempts?: number;
  /**
   * For the minutes after trust was set up: how long, in milliseconds, 0 to 300,000, to go on asking when the
   * vendor gives the answer that it also gives while a change still spreads. Default 0.
   */
  spreadingMs?: number;
  /** Sends requests. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
  /** Reads an environment variable. Default: the process's environment. */
  env?: (name: string) => string | undefined;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  random?: () => number;
  /** Waits. Default: a timer. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}
