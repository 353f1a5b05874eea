import type { TrustRule } from "../trust/rule.ts";

/** A JSON value, as claims carry them. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** Who may ask for tokens, for which audiences, and what the tokens say. */
export interface Workload {
  /** `[a-z0-9][a-z0-9-]{0,62}`; never used again after deletion. */
  readonly id: string;
  /** First part of the subject. */
  readonly org: string;
  /** Second part of the subject. */
  readonly app: string;
  /** Third part of the subject, for example `production`. */
  readonly context: string;
  /** Audiences it may ask for: literals, or globs whose `*` stays inside one segment. A lone `*` allows all. */
  readonly audiences: readonly string[];
  /** Extra claims of every token; reserved names are refused. */
  readonly claims: Readonly<Record<string, JsonValue>>;
  /** Longest token it may ask for, in seconds, 1 to 3600. Default 3600. */
  readonly maxTtlSeconds: number;
  /** Platform tokens that may be exchanged for this workload's token. */
  readonly trust: readonly TrustRule[];
}

/** A bearer secret of a workload, kept as its SHA-256 only. */
export interface RequestTokenCredential {
  /** Discriminates the union. */
  readonly type: "request_token";
  /** Unique within the workload. */
  readonly id: string;
  /** Hex SHA-256 of the request token. */
  readonly sha256: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Deployment that the operator vouches for; goes into the subject. */
  readonly deployment?: string;
  /** Narrows the workload's own allow-list. */
  readonly audiences?: readonly string[];
}

/** A public key whose holder may sign client assertions (RFC 7523). */
export interface PublicKeyCredential {
  /** Discriminates the union. */
  readonly type: "public_key";
  /** Unique within the workload. */
  readonly id: string;
  /** The public key (RFC 7517), with a `kid`. */
  readonly jwk: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch; null: no end. */
  readonly expiresAt: number | null;
  /** Deployment that the operator vouches for; goes into the subject. */
  readonly deployment?: string;
  /** Narrows the workload's own allow-list. */
  readonly audiences?: readonly string[];
}

/** How a workload proves who it is. */
export type Credential = RequestTokenCredential | PublicKeyCredential;

/** A workload as it is stored: one record, so that one read answers a request. */
export interface WorkloadRecord {
  /** Form of this record. */
  readonly version: 1;
  /** Random, new with each write: tells a lost reply from a lost race. */
  readonly writeId: string;
  /** Changes with the workload itself, not with its credentials: the entity tag. */
  readonly revision: string;
  /** The workload itself. */
  readonly workload: Workload;
  /** How it proves who it is. */
  readonly credentials: readonly Credential[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Set once deleted: the id and the subject stay taken. */
  readonly deletedAt?: number;
  /** `config`: kept in git, read-only here. */
  readonly managedBy: "api" | "config";
}
