/** Credentials that sign. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A POST to sign; its path is always "/" and its query empty, as AWS's query protocol has it. */
export interface SigningInput {
  readonly host: string;
  readonly body: string;
  /** Headers to sign besides host and x-amz-date; names in lower case. */
  readonly headers: Record<string, string>;
  readonly credentials: SigningCredentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch, by AWS's clock. */
  readonly at: number;
}

/**
 * The headers of an AWS Signature Version 4 POST (IAM User Guide, "Create a signed AWS API request"). WebCrypto
 * does the cryptography; this file puts the strings together.
 */
export async function signRequest(input: SigningInput): Promise<Record<string, string>> {
  const time = new Date(input.at).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const { sessionToken, accessKeyId } = input.credentials;
  const headers: Record<string, string> = { ...input.headers, "x-amz-date": time };
  if (sessionToken) headers["x-amz-security-token"] = sessionToken;
  const all: Record<string, string> = { ...headers, host: input.host };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]!.trim().replace(/ +/g, " ")}\n`);
  const signed = names.join(";");
  const canonical = `POST\n/\n\n${lines.join("")}\n${signed}\n${hex(await sha256(input.body))}`;
  const scope = `${time.slice(0, 8)}/${input.region}/${input.service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hex(await sha256(canonical))}`;
  const signature = hex(await hmac(await signingKey(input, scope), toSign));
  headers.authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  return headers;
}

async function signingKey(input: SigningInput, scope: string): Promise<Uint8Array<ArrayBuffer>> {
  let key = new TextEncoder().encode(`AWS4${input.credentials.secretAccessKey}`);
  for (const part of scope.split("/")) key = await hmac(key, part);
  return key;
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text));
  return new Uint8Array(mac);
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
