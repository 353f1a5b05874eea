/** What a caller may ask of a token, besides its audience. */
export interface GetIdTokenOptions {
  /**
   * Lifetime in whole seconds, from 1 to what the issuer allows the workload. Default: the issuer's for this audience.
   * A platform that fixes the lifetime ignores it.
   */
  ttl?: number;
  /** AWS role ARNs that the token shall be bound to. Only where a Signet issuer mints. Default: none. */
  roles?: readonly string[];
  /** Names of verified claims that become AWS session tags. Only where a Signet issuer mints. Default: none. */
  sessionTags?: readonly string[];
  /** Name of the verified claim that becomes the AWS source identity. Only where a Signet issuer mints. Default: none. */
  sourceIdentity?: string;
  /**
   * True: the held token was refused (a cloud calls it expired), so a new one is asked for, shared with
   * whoever asks for one already. The held token stays for others if that fails. Default: false.
   */
  forceRefresh?: boolean;
  /** Ends this caller's waiting; others that wait for the same token go on. Default: none. */
  signal?: AbortSignal;
}

/** One request to a source: the audience, the options, and the signal that ends the attempt. */
export interface TokenRequest extends Omit<GetIdTokenOptions, "forceRefresh"> {
  /** The party that the token is for. */
  readonly audience: string;
  /** Ends the attempt. */
  signal: AbortSignal;
  /** False while only a background refresh wants the token: then one try is enough. Default: wanted. */
  readonly wanted?: () => boolean;
}

/** What a source gives back. */
export interface SourceToken {
  /** The JWT. */
  readonly token: string;
  /** Local ms just before the request that minted it, where there was one. */
  readonly sentAt?: number;
  /** The answer's `Date` in ms, where there was one. */
  readonly serverDate?: number;
}

/** A way to get tokens, chosen once per client. */
export interface TokenSource {
  /** The platform's name, for messages. */
  readonly label: string;
  /** The Signet issuer that mints; `undefined` where the platform's own token is returned. */
  readonly issuer?: string;
  /** It mints on request, maybe without `jti`: two tokens of one second are then the same token. */
  readonly mayRepeat?: boolean;
  /** Gets one token; throws `IdTokenError`. Caching and retries are the caller's. */
  getToken(request: TokenRequest): Promise<SourceToken>;
}

/** A function that gives tokens, for platforms that Signet does not know or for tests. */
export type TokenFunction = (
  audience: string,
  options: { signal: AbortSignal; ttl?: number },
) => string | Promise<string>;

/** Names accepted by `SIGNET_SOURCE` and the option `source`, in the order of detection. */
export type SourceName =
  | "signet"
  | "private-key"
  | "deno-deploy"
  | "github-actions"
  | "azure-devops"
  | "vercel"
  | "fly"
  | "buildkite"
  | "circleci"
  | "gitlab"
  | "bitbucket"
  | "terraform-cloud"
  | "kubernetes"
  | "google"
  | "file"
  | "variable";

/** The outcome of a command that was run. */
export interface CommandResult {
  /** Exit code, 0 for success. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** What sources need of the runtime besides fetch and the environment; each part can be replaced. */
export interface SourceRuntime {
  /** Reads a text file; rejects when it cannot. */
  readFile(path: string): Promise<string>;
  /** Runs a command without a shell; rejects when it cannot start. */
  run(command: string, args: readonly string[], signal: AbortSignal): Promise<CommandResult>;
  /** POSTs JSON to `http://localhost{path}` over a unix socket. */
  postUnix(
    socket: string,
    request: { path: string; body: string; signal: AbortSignal },
  ): Promise<Response>;
  /** Imports a module by a specifier that the static module graph must not contain. */
  importModule(specifier: string): Promise<Record<string, unknown>>;
  /** Headers of the request being served, where the platform keeps them at hand (Vercel). */
  requestHeaders(): Readonly<Record<string, string | undefined>>;
  /** Whether a host may be contacted without asking a person for permission. */
  mayConnect(host: string): boolean;
}

/** Everything a source is made from. Nothing in a source reaches for a global. */
export interface SourceSetup {
  /** Environment reader. */
  readonly env: (name: string) => string | undefined;
  /** HTTP. */
  readonly fetch: typeof fetch;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** The Signet issuer, without trailing slash, where one is configured. */
  readonly issuer: string | undefined;
  /** Waits; rejects when the signal aborts. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A random number in [0, 1). */
  readonly random: () => number;
  /** Files, commands, sockets. */
  readonly runtime: SourceRuntime;
}
