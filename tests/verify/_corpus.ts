import {
  AUDIENCE,
  base64url,
  goodClaims,
  ISSUER,
  NOW_S,
  signRaw,
  signToken,
  type TestKey,
} from "./_support.ts";

/** A token that must be refused, and the code or codes that say so. */
export interface HostileCase {
  readonly threat: number;
  readonly name: string;
  readonly token: unknown;
  readonly code: string | readonly string[];
}

export interface CorpusKeys {
  readonly ec: TestKey;
  readonly rsa: TestKey;
  readonly ed: TestKey;
  /** A key of somebody else, under the `kid` of `ec`. */
  readonly stranger: TestKey;
}

const ENCODER = new TextEncoder();
const HEADER = (key: TestKey) => ({ alg: key.alg, kid: key.kid, typ: "JWT" });
const MALFORMED = "token_malformed", HEADER_INVALID = "header_invalid", CLAIM = "claim_invalid";

/** Tokens signed by the right key wherever that is possible, so that only the named fault refuses them. */
export async function hostileCorpus(keys: CorpusKeys): Promise<HostileCase[]> {
  const cases: HostileCase[] = [];
  const add = async (
    threat: number,
    name: string,
    token: unknown,
    code: string | readonly string[],
  ) => void cases.push({ threat, name, token: await token, code });
  const parts = [
    algorithms,
    headers,
    duplicates,
    encodings,
    jsonFaults,
    times,
    issuers,
    audiences,
    bulk,
    prototypes,
    signatures,
  ];
  for (const part of parts) await part(add, keys);
  return cases;
}

type Add = (
  threat: number,
  name: string,
  token: unknown,
  code: string | readonly string[],
) => Promise<void>;

async function algorithms(add: Add, { ec, rsa, ed }: CorpusKeys) {
  for (
    const alg of ["none", "None", "nOnE", "NONE", "es256", "ES256 ", "ES384", "RS512", "PS256"]
  ) {
    await add(1, `alg ${alg}`, signToken(ec, goodClaims(), { alg }), "algorithm_not_allowed");
  }
  for (const alg of ["", null, 0, false, ["ES256"], { ES256: true }, undefined]) {
    await add(
      1,
      `alg ${JSON.stringify(alg)}`,
      signToken(ec, goodClaims(), { alg }),
      HEADER_INVALID,
    );
  }
  const bare = `${base64url('{"alg":"none","kid":"k"}')}.${
    base64url(JSON.stringify(goodClaims()))
  }.`;
  await add(1, "none without signature", bare, MALFORMED);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", rsa.publicKey));
  const pem = `-----BEGIN PUBLIC KEY-----\n${
    btoa(String.fromCharCode(...spki))
  }\n-----END PUBLIC KEY-----\n`;
  const secrets: Record<string, string | Uint8Array> = {
    "the PEM": pem,
    "the PEM without its last newline": pem.trimEnd(),
    "the DER": spki,
    "the JWK": JSON.stringify(rsa.jwk),
    "the modulus": String(rsa.jwk["n"]),
    "the kid": rsa.kid,
    "an empty secret": "",
  };
  for (const [name, secret] of Object.entries(secrets)) {
    await add(2, `HS256 with ${name}`, hmac(rsa.kid, "HS256", secret), "algorithm_not_allowed");
  }
  await add(2, "HS384", hmac(rsa.kid, "HS384", pem), "algorithm_not_allowed");
  await add(2, "HS512", hmac(rsa.kid, "HS512", pem), "algorithm_not_allowed");
  for (
    const [name, key, kid] of [["EC", ec, rsa.kid], ["RSA", rsa, ec.kid], [
      "Ed25519",
      ed,
      ec.kid,
    ]] as const
  ) {
    await add(
      3,
      `${name} signature under another key's kid`,
      signToken(key, goodClaims(), { kid }),
      "key_mismatch",
    );
  }
  await add(
    3,
    "RS256 header, EC key",
    signToken(ec, goodClaims(), { alg: "RS256" }),
    "key_mismatch",
  );
  await add(
    3,
    "ES256 header, RSA key",
    signToken(rsa, goodClaims(), { alg: "ES256" }),
    "key_mismatch",
  );
  await add(
    3,
    "EdDSA header, EC key",
    signToken(ec, goodClaims(), { alg: "EdDSA" }),
    "key_mismatch",
  );
}

async function hmac(kid: string, alg: string, secret: string | Uint8Array): Promise<string> {
  const bytes = typeof secret === "string" ? ENCODER.encode(secret) : secret;
  const input = `${base64url(JSON.stringify({ alg, kid }))}.${
    base64url(JSON.stringify(goodClaims()))
  }`;
  const hash = `SHA-${alg.slice(2)}`;
  // WebCrypto imports no empty HMAC key; one zero byte pads to the same HMAC block.
  const raw = bytes.length === 0 ? new Uint8Array(1) : new Uint8Array(bytes);
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, ENCODER.encode(input)));
  return `${input}.${base64url(mac)}`;
}

async function headers(add: Add, { ec, stranger }: CorpusKeys) {
  const foreign = { ...stranger.jwk, kid: ec.kid };
  for (
    const [name, value] of [["jwk", foreign], ["jku", `${ISSUER}/jwks`], ["x5u", `${ISSUER}/x`], [
      "x5c",
      ["MA"],
    ]] as const
  ) {
    await add(
      4,
      `${name}, signed by its key`,
      signToken(stranger, goodClaims(), { [name]: value }),
      HEADER_INVALID,
    );
    await add(
      4,
      `${name}, signed by ours`,
      signToken(ec, goodClaims(), { [name]: value }),
      HEADER_INVALID,
    );
  }
  const unknown = [
    "../../etc/passwd",
    "' OR 1=1 --",
    "__proto__",
    "constructor",
    "toString",
    "\0",
    "*",
    `${ec.kid} `,
    ec.kid.toUpperCase(),
    "ключ",
    "a".repeat(256),
  ];
  for (const kid of unknown) {
    await add(
      5,
      `kid ${JSON.stringify(kid).slice(0, 20)}`,
      signToken(ec, goodClaims(), { kid }),
      "key_not_found",
    );
  }
  for (const kid of ["", "a".repeat(257), 1, null, [], [ec.kid], {}, true, undefined]) {
    await add(
      5,
      `kid ${JSON.stringify(kid)?.slice(0, 20)}`,
      signToken(ec, goodClaims(), { kid }),
      HEADER_INVALID,
    );
  }
  const processing = [
    { crit: [] },
    { crit: ["exp"] },
    { crit: ["b64"], b64: true },
    { crit: "exp" },
    { crit: null },
    { b64: false },
    { b64: true },
    { enc: "A256GCM" },
    { zip: "DEF" },
  ];
  for (const extra of processing) {
    await add(7, JSON.stringify(extra), signToken(ec, goodClaims(), extra), HEADER_INVALID);
  }
  for (
    const typ of [
      "at+jwt",
      "logout+jwt",
      "dpop+jwt",
      "secevent+jwt",
      "kb+jwt",
      "JOSE",
      "JWT ",
      "",
      "application/at+jwt",
      "application/application/jwt",
    ]
  ) {
    await add(8, `typ ${typ}`, signToken(ec, goodClaims(), { typ }), "type_not_allowed");
  }
  for (const typ of [1, null, ["JWT"], {}]) {
    await add(
      8,
      `typ ${JSON.stringify(typ)}`,
      signToken(ec, goodClaims(), { typ }),
      HEADER_INVALID,
    );
  }
}

async function duplicates(add: Add, { ec }: CorpusKeys) {
  const payload = JSON.stringify(goodClaims({ n: { a: 1 }, l: [{ b: 1 }] }));
  const header = JSON.stringify(HEADER(ec));
  for (
    const member of [
      `"alg":"ES256"`,
      `"alg":"none"`,
      `"kid":"x"`,
      `"typ":"JWT"`,
      `"\\u0061lg":"none"`,
    ]
  ) {
    await add(
      9,
      `header twice ${member}`,
      signRaw(ec, header.replace("{", `{${member},`), payload),
      MALFORMED,
    );
  }
  for (
    const member of [
      `"iss":"x"`,
      `"sub":"x"`,
      `"aud":"x"`,
      `"exp":1`,
      `"iat":1`,
      `"nbf":1`,
      `"jti":"x"`,
      `"\\u0069ss":"x"`,
      `"n":{}`,
    ]
  ) {
    await add(
      9,
      `claim first ${member}`,
      signRaw(ec, header, payload.replace("{", `{${member},`)),
      MALFORMED,
    );
    await add(
      9,
      `claim last ${member}`,
      signRaw(ec, header, payload.replace(/}$/, `,${member}}`)),
      MALFORMED,
    );
  }
  await add(
    9,
    "nested in an object",
    signRaw(ec, header, payload.replace('"a":1', '"a":1,"a":2')),
    MALFORMED,
  );
  await add(
    9,
    "nested in an array",
    signRaw(ec, header, payload.replace('"b":1', '"b":1,"b":1')),
    MALFORMED,
  );
}

async function encodings(add: Add, { ec, rsa }: CorpusKeys) {
  const good = await signToken(ec),
    [header, payload, signature] = good.split(".") as [string, string, string];
  const misspelled: Record<string, unknown> = {
    "padded header": `${header}=.${payload}.${signature}`,
    "padded payload": `${header}.${payload}==.${signature}`,
    "padded signature": `${good}==`,
    "leading space": ` ${good}`,
    "trailing space": `${good} `,
    "trailing newline": `${good}\n`,
    "trailing CRLF": `${good}\r\n`,
    "trailing NUL": `${good}\0`,
    "byte order mark": `\ufeff${good}`,
    "newline in the header": `${header.slice(0, 8)}\n${header.slice(8)}.${payload}.${signature}`,
    "space in the payload": `${header}.${payload.slice(0, 8)} ${payload.slice(8)}.${signature}`,
    "tab in the signature": `${header}.${payload}.${signature.slice(0, 8)}\t${signature.slice(8)}`,
    "no-break space": `${good}\u00a0`,
    "fullwidth letter": `${header}.${payload}.\uff21${signature.slice(1)}`,
    "plus sign": `${header}.${payload}.+${signature.slice(1)}`,
    "slash": `${header}.${payload}./${signature.slice(1)}`,
    "percent-encoded dot": good.replace(".", "%2E"),
    "one stray character": `${header}.${payload}.${signature}AAA`,
    "empty token": "",
    "one dot": ".",
    "two dots": "..",
    "two parts": `${header}.${payload}`,
    "empty header": `.${payload}.${signature}`,
    "empty payload": `${header}..${signature}`,
    "empty signature": `${header}.${payload}.`,
    "four parts": `${good}.${signature}`,
    "five parts": `${good}.${signature}.${signature}`,
    "leading dot": `.${good}`,
    "trailing dot": `${good}.`,
    "a scheme in front": `Bearer ${good}`,
    "quoted": `"${good}"`,
    "JSON serialization": JSON.stringify({ protected: header, payload, signature }),
    "two tokens": `${good},${good}`,
    "undefined": undefined,
    "null": null,
    "a number": 42,
    "an object": { toString: () => good },
    "an array": [good],
  };
  for (const [name, token] of Object.entries(misspelled)) await add(10, name, token, MALFORMED);
  await add(
    10,
    "second spelling of the signature",
    `${header}.${payload}.${respell(signature)}`,
    MALFORMED,
  );
  const rsaToken = await signToken(rsa, goodClaims({ pad: "xx" }));
  for (const [index, name] of ["header", "payload", "signature"].entries()) {
    const pieces = rsaToken.split("."), respelled = respell(pieces[index]!);
    if (respelled === pieces[index]) continue;
    pieces[index] = respelled;
    await add(10, `second spelling of the ${name} (RSA)`, pieces.join("."), MALFORMED);
  }
}

/** Sets an unused bit in the last character: other text, same bytes to a lenient reader. */
function respell(part: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (part.length % 4 === 0) return part;
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)!) | 1];
}

async function jsonFaults(add: Add, { ec }: CorpusKeys) {
  const header = JSON.stringify(HEADER(ec)), payload = JSON.stringify(goodClaims());
  const inside = (text: string) => payload.replace("{", `{"x":${text},`);
  const faults: Record<string, string | Uint8Array> = {
    "byte order mark": `\ufeff${payload}`,
    "invalid UTF-8": new Uint8Array([...ENCODER.encode(payload.slice(0, -2)), 0xff, 0x22, 0x7d]),
    "overlong UTF-8": new Uint8Array([
      ...ENCODER.encode(payload.slice(0, -2)),
      0xc0,
      0xaf,
      0x22,
      0x7d,
    ]),
    "UTF-8 surrogate": new Uint8Array([
      ...ENCODER.encode(payload.slice(0, -2)),
      0xed,
      0xa0,
      0x80,
      0x22,
      0x7d,
    ]),
    "unpaired high surrogate": inside('"\\ud800"'),
    "unpaired low surrogate": inside('"\\udc00"'),
    "trailing comma": payload.replace(/}$/, ",}"),
    "comment": inside("/**/1"),
    "single quotes": inside("'a'"),
    "NaN": inside("NaN"),
    "Infinity": inside("Infinity"),
    "minus alone": inside("-"),
    "hex number": inside("0x10"),
    "leading zero": inside("01"),
    "leading plus": inside("+1"),
    "bare fraction": inside(".5"),
    "open fraction": inside("1."),
    "open exponent": inside("1e"),
    "number beyond a double": inside("1e999"),
    "control character": inside('"\u0001"'),
    "open string": payload.slice(0, -2),
    "unknown escape": inside('"\\x41"'),
    "short escape": inside('"\\u12"'),
    "misspelled word": inside("tru"),
    "array": "[]",
    "string": '"x"',
    "number": "1",
    "null": "null",
    "text after it": `${payload}{}`,
    "no closing brace": payload.slice(0, -1),
    "name without quotes": payload.replace("{", "{x:1,"),
    "only space": " ",
  };
  for (const [name, text] of Object.entries(faults)) {
    await add(9, `payload: ${name}`, signRaw(ec, header, text), MALFORMED);
  }
  for (const text of ["[]", "null", '"x"', `${header},`, `\ufeff${header}`, header.slice(0, -1)]) {
    await add(9, `header: ${text.slice(0, 4)}`, signRaw(ec, text, payload), MALFORMED);
  }
}

async function times(add: Add, { ec }: CorpusKeys) {
  const claim = (changes: Record<string, unknown>) => signToken(ec, goodClaims(changes));
  const raw = (name: string, text: string) =>
    signRaw(
      ec,
      JSON.stringify(HEADER(ec)),
      JSON.stringify(goodClaims({ [name]: "@" })).replace('"@"', text),
    );
  for (const name of ["exp", "iat", "nbf"]) {
    for (
      const value of ["1800000100", "Infinity", true, null, [NOW_S], {}, NOW_S + 0.5, -1, 2 ** 53]
    ) {
      await add(12, `${name} ${JSON.stringify(value)}`, claim({ [name]: value }), CLAIM);
    }
    await add(12, `${name} 1e999`, raw(name, "1e999"), MALFORMED);
    await add(12, `${name} -1e999`, raw(name, "-1e999"), MALFORMED);
  }
  await add(12, "exp missing", claim({ exp: undefined }), CLAIM);
  await add(12, "iat missing", claim({ iat: undefined }), CLAIM);
  await add(12, "exp 0", claim({ exp: 0 }), CLAIM);
  await add(12, "exp equal to iat", claim({ exp: NOW_S }), CLAIM);
  await add(12, "exp in milliseconds", claim({ exp: (NOW_S + 300) * 1000 }), "lifetime_too_long");
  await add(
    12,
    "all in milliseconds",
    claim({ iat: NOW_S * 1000, exp: (NOW_S + 3) * 1000 }),
    "token_not_yet_valid",
  );
  await add(12, "a century", claim({ exp: NOW_S + 3_155_760_000 }), "lifetime_too_long");
  await add(12, "one second over the cap", claim({ exp: NOW_S + 3601 }), "lifetime_too_long");
  await add(12, "expired", claim({ iat: NOW_S - 400, exp: NOW_S - 100 }), "token_expired");
  await add(
    12,
    "expired at the edge of tolerance",
    claim({ iat: NOW_S - 400, exp: NOW_S - 30 }),
    "token_expired",
  );
  await add(
    12,
    "iat a year ahead",
    claim({ iat: NOW_S + 31_536_000, exp: NOW_S + 31_536_300 }),
    "token_not_yet_valid",
  );
  await add(12, "iat 31 s ahead", claim({ iat: NOW_S + 31 }), "token_not_yet_valid");
  await add(12, "nbf 31 s ahead", claim({ nbf: NOW_S + 31 }), "token_not_yet_valid");
  await add(12, "older than its age limit", claim({ iat: NOW_S - 3631, exp: NOW_S - 31 }), [
    "token_expired",
    "token_too_old",
  ]);
  for (const jti of [1, null, "", [], {}]) {
    await add(12, `jti ${JSON.stringify(jti)}`, claim({ jti }), CLAIM);
  }
  for (const sub of [undefined, 1, null, "", [], { a: 1 }, true]) {
    await add(12, `sub ${JSON.stringify(sub)}`, claim({ sub }), CLAIM);
  }
}

async function issuers(add: Add, { ec }: CorpusKeys) {
  const others = [
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    "https://ID.example.test",
    `${ISSUER}:443`,
    `${ISSUER}.evil.test`,
    ISSUER.slice(0, -1),
    `${ISSUER}/tenant`,
    ISSUER.replace("https", "http"),
    ISSUER.replace("https://", ""),
    "https://id.exаmple.test",
    ISSUER.replace("//", "//user@"),
    `${ISSUER}?`,
    `${ISSUER}#`,
    ` ${ISSUER}`,
    `${ISSUER}\0`,
    "https://id%2eexample.test",
    "*",
  ];
  for (const iss of others) {
    await add(
      13,
      `iss ${JSON.stringify(iss)}`,
      signToken(ec, goodClaims({ iss })),
      "issuer_mismatch",
    );
  }
  for (const iss of [undefined, null, "", 1, [ISSUER], { url: ISSUER }, true]) {
    await add(13, `iss ${JSON.stringify(iss)}`, signToken(ec, goodClaims({ iss })), CLAIM);
  }
}

async function audiences(add: Add, { ec }: CorpusKeys) {
  for (
    const aud of [
      undefined,
      null,
      "",
      [],
      [[]],
      [[AUDIENCE]],
      [null],
      [AUDIENCE, null],
      42,
      [42],
      {},
      { 0: AUDIENCE, length: 1 },
      true,
      [""],
    ]
  ) {
    await add(14, `aud ${JSON.stringify(aud)}`, signToken(ec, goodClaims({ aud })), CLAIM);
  }
  for (
    const aud of [
      `${AUDIENCE}/`,
      AUDIENCE.toUpperCase(),
      AUDIENCE.slice(0, -1),
      `${AUDIENCE}.evil.test`,
      `${AUDIENCE} ${AUDIENCE}`,
      `x,${AUDIENCE}`,
      "*",
      ISSUER,
      ["https://other.test"],
    ]
  ) {
    await add(
      14,
      `aud ${JSON.stringify(aud)}`,
      signToken(ec, goodClaims({ aud })),
      "audience_mismatch",
    );
  }
  for (
    const aud of [[AUDIENCE, "https://other.test"], ["https://other.test", AUDIENCE], [
      AUDIENCE,
      AUDIENCE,
    ]]
  ) {
    await add(
      15,
      `aud ${JSON.stringify(aud)}`,
      signToken(ec, goodClaims({ aud })),
      "audience_mismatch",
    );
  }
  for (
    const aud of [
      "sts.amazonaws.com",
      "api://AzureADTokenExchange",
      "https://vault.example.test",
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    ]
  ) {
    await add(16, `aud ${aud}`, signToken(ec, goodClaims({ aud })), "audience_mismatch");
  }
}

async function bulk(add: Add, { ec }: CorpusKeys) {
  const header = JSON.stringify(HEADER(ec)), payload = JSON.stringify(goodClaims());
  const inside = (text: string) => signRaw(ec, header, payload.replace("{", `{"x":${text},`));
  await add(21, "17 levels of arrays", inside("[".repeat(16) + "]".repeat(16)), MALFORMED);
  await add(
    21,
    "17 levels of objects",
    inside('{"a":'.repeat(16) + "1" + "}".repeat(16)),
    MALFORMED,
  );
  await add(21, "5,000 levels", inside("[".repeat(5000)), MALFORMED);
  await add(
    21,
    "10,000 levels",
    inside("[".repeat(10_000) + "]".repeat(10_000)),
    "token_too_large",
  );
  await add(21, "1,100 elements", inside(`[${"1,".repeat(1099)}1]`), MALFORMED);
  await add(
    21,
    "1,100 members",
    inside(`{${Array.from({ length: 1100 }, (_, i) => `"${i}":1`).join()}}`),
    MALFORMED,
  );
  await add(
    21,
    "50,000 members",
    inside(`{${Array.from({ length: 50_000 }, (_, i) => `"${i}":1`).join()}}`),
    "token_too_large",
  );
  await add(
    21,
    "a subject of 1 MB",
    signToken(ec, goodClaims({ sub: "s".repeat(1_000_000) })),
    "token_too_large",
  );
  await add(21, "100,000 dots", ".".repeat(100_000), "token_too_large");
  await add(21, "16,384 dots", ".".repeat(16_384), MALFORMED);
  await add(
    21,
    "a kid of 100 kB",
    signToken(ec, goodClaims(), { kid: "k".repeat(100_000) }),
    "token_too_large",
  );
  await add(21, "one character over the cap", "a".repeat(16_385), "token_too_large");
  await add(21, "a million quotes", '"'.repeat(1_000_000), "token_too_large");
}

async function prototypes(add: Add, { ec }: CorpusKeys) {
  const header = JSON.stringify(HEADER(ec)), payload = JSON.stringify(goodClaims());
  const moved = (name: string, carrier: string) => {
    const claims = goodClaims(), value = claims[name];
    delete claims[name];
    return signRaw(
      ec,
      header,
      JSON.stringify(claims).replace("{", `{"${carrier}":${JSON.stringify({ [name]: value })},`),
    );
  };
  for (const name of ["iss", "sub", "aud", "exp"]) {
    await add(22, `${name} by __proto__`, moved(name, "__proto__"), CLAIM);
  }
  await add(22, "iat by constructor", moved("iat", "constructor"), CLAIM);
  const shifted = `{"__proto__":{"alg":"ES256"},"kid":"${ec.kid}"}`;
  await add(22, "alg by __proto__", signRaw(ec, shifted, payload), HEADER_INVALID);
  await add(
    22,
    "__proto__ twice",
    signRaw(ec, header, payload.replace("{", '{"__proto__":1,"__proto__":2,')),
    MALFORMED,
  );
}

async function signatures(add: Add, { ec, rsa, ed, stranger }: CorpusKeys) {
  await add(6, "the same kid at another issuer, its key", signToken(stranger), "signature_invalid");
  await add(
    6,
    "the same kid at another issuer, its iss",
    signToken(stranger, goodClaims({ iss: "https://other.test" })),
    "issuer_mismatch",
  );
  for (const key of [ec, rsa, ed]) {
    const [header, payload, signature] = (await signToken(key)).split(".") as [
      string,
      string,
      string,
    ];
    const other = base64url(
      JSON.stringify(goodClaims({ sub: "deployment:acme/admin/production" })),
    );
    const size = key.alg === "RS256" ? 256 : 64;
    await add(
      6,
      `${key.alg}: another payload`,
      `${header}.${other}.${signature}`,
      "signature_invalid",
    );
    await add(
      6,
      `${key.alg}: zeros`,
      `${header}.${payload}.${base64url(new Uint8Array(size))}`,
      "signature_invalid",
    );
    await add(6, `${key.alg}: one byte`, `${header}.${payload}.AA`, "signature_invalid");
    const flipped = (signature[0] === "A" ? "B" : "A") + signature.slice(1);
    await add(
      6,
      `${key.alg}: one character`,
      `${header}.${payload}.${flipped}`,
      "signature_invalid",
    );
  }
}
