import { encodeBase64Url } from "@std/encoding/base64url";
import { createHash } from "node:crypto";

const format = /^signet_rt_([\w-]{8})_([a-z0-9][a-z0-9-]{0,62})_([\w-]{43})$/;

/** Hex SHA-256 of a text. Synchronous: the platform's asynchronous digest costs fifty times as much. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The part of a request token that binds it to one issuer: base64url of six bytes of SHA-256(issuer URL). */
export function issuerTag(issuer: string): string {
  return createHash("sha256").update(issuer).digest().subarray(0, 6).toString("base64url");
}

/** A new request token: 256 random bits behind a prefix that secret scanners find (threat 54). */
export function createRequestToken(options: {
  issuer: string;
  workload: string;
  randomBytes: (length: number) => Uint8Array;
}): string {
  const secret: string = encodeBase64Url(options.randomBytes(32));
  return `signet_rt_${issuerTag(options.issuer)}_${options.workload}_${secret}`;
}

/** Reads whose request token this claims to be; undefined when it is none of this issuer's. */
export function parseRequestToken(token: string, tag: string): { workload: string } | undefined {
  const match = format.exec(token);
  if (match && match[1] === tag) return { workload: match[2]! };
}

/** Whether two hex digests are equal, in constant time. */
export function equalDigests(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  // As Deno's own timingSafeEqual does it, without two copies of the texts as bytes.
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}
