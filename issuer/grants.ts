import type { Caller } from "./authenticate/caller.ts";
import type { Parameters } from "./parameters.ts";

/** What a grant may look at to tell who asks. */
export interface Credentials {
  readonly parameters: Parameters;
  /** From the Authorization header; null: a header that is no single bearer token. */
  readonly bearer: string | null | undefined;
  /** What the caller asks for. */
  readonly audience: string;
}

/** One way in: how callers prove themselves, and the members its answer has. */
export interface Grant {
  authenticate(credentials: Credentials): Caller | Promise<Caller>;
  readonly answer: {
    readonly token_type: "Bearer" | "N_A";
    readonly issued_token_type?: string;
  };
}

/** An access token response (RFC 6749 §5.1, RFC 8693 §2.2.1). */
export type GrantAnswer = Grant["answer"] & { access_token: string; expires_in: number };
