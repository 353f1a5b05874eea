/** Signature Version 4 as the receiving side computes it, with node:crypto. */
import { Buffer } from "node:buffer";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Session, World } from "./world.ts";

/** Why a signed request is refused; the code is AWS's. */
export class SignatureFault extends Error {
  constructor(readonly code: string, text: string) {
    super(text);
  }
}

const shape =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/;
const skewMs = 300_000;

/** The session whose key signed the request, and the service it was signed for. */
export function checkSignature(
  request: Request,
  body: Uint8Array,
  world: World,
): { session: Session; service: string; region: string } {
  const match = shape.exec(request.headers.get("authorization") ?? "");
  if (!match) throw new SignatureFault("MissingAuthenticationToken", "Request is not signed");
  const [, keyId, day, region, service, signedHeaders, signature] = match as unknown as string[];
  const session = world.sessions.get(keyId!);
  const token = request.headers.get("x-amz-security-token");
  if (!session || token !== session.sessionToken) {
    const text = "The security token included in the request is invalid.";
    throw new SignatureFault("InvalidClientTokenId", text);
  }
  const time = request.headers.get("x-amz-date") ?? "";
  checkTime(time, day!, world.now());
  if (world.now() >= session.expiresAt) {
    const text = "The security token included in the request is expired";
    throw new SignatureFault("ExpiredToken", text);
  }
  const canonical = canonicalRequest(request, body, signedHeaders!);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
  let key: Buffer = Buffer.from(`AWS4${session.secretAccessKey}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const expected = createHmac("sha256", key).update(toSign).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature!, "hex"))) {
    const text = "The request signature we calculated does not match the signature you provided.";
    throw new SignatureFault("SignatureDoesNotMatch", text);
  }
  return { session, service: service!, region: region! };
}

function checkTime(time: string, day: string, now: number): void {
  const at = Date.parse(
    time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Math.abs(at - now) <= skewMs && time.startsWith(day)) return;
  throw new SignatureFault("SignatureDoesNotMatch", `Signature expired: ${time}`);
}

function canonicalRequest(request: Request, body: Uint8Array, signedHeaders: string): string {
  const url = new URL(request.url);
  const query = [...url.searchParams].map(([k, v]) => `${encode(k)}=${encode(v)}`).sort().join("&");
  const names = signedHeaders.split(";");
  if (!names.includes("host") || !names.includes("x-amz-security-token")) {
    throw new SignatureFault("SignatureDoesNotMatch", "host and the session token must be signed");
  }
  // A request that never crossed a wire has no Host header yet.
  const valueOf = (name: string) => request.headers.get(name) ?? (name === "host" ? url.host : "");
  const headers = names.map((name) => `${name}:${valueOf(name).trim().replace(/ +/g, " ")}\n`).join(
    "",
  );
  const hash = payloadHash(request, body);
  return `${request.method}\n${url.pathname}\n${query}\n${headers}\n${signedHeaders}\n${hash}`;
}

function payloadHash(request: Request, body: Uint8Array): string {
  const stated = request.headers.get("x-amz-content-sha256");
  const actual = sha256(body);
  if (stated && /^[\da-f]{64}$/.test(stated) && stated !== actual) {
    const text = "The provided x-amz-content-sha256 header does not match what was computed.";
    throw new SignatureFault("XAmzContentSHA256Mismatch", text);
  }
  return stated ?? actual;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");
