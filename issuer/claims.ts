import type { JsonValue } from "./workloads/workload.ts";

/** Claims of a token (RFC 7519 §4). */
export type Claims = Record<string, JsonValue>;
