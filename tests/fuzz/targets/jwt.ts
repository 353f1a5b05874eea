import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { importJWK, jwtVerify } from "jose";
import { TokenVerificationError } from "../../../verify/errors.ts";
import { checkedSignatures } from "../../../verify/checked_signatures.ts";
import { parseCompact, type ParsedToken } from "../../../verify/parse_compact.ts";
import { parseJwks } from "../../../verify/parse_jwks.ts";
import { verifyParsed } from "../../../verify/verify_jwt.ts";
import {
  AUDIENCE,
  goodClaims,
  ISSUER,
  NOW,
  NOW_S,
  type TestKey,
  testKey,
} from "../../verify/_support.ts";
import { anyText, mutateBytes, mutateText, mutateValue } from "../mutate.ts";
import type { Random } from "../random.ts";
import { referenceJson, spelled } from "../reference_json.ts";
import { attempt, ensure, type Target } from "../target.ts";

const policy = {
  issuer: ISSUER,
  audiences: new Set([AUDIENCE]),
  algorithms: new Set(["ES256", "EdDSA", "RS256"]),
  allowMultipleAudiences: false,
  ...{ clockTolerance: 30, maxLifetime: 3_600, maxTokenAge: 3_600 },
};
const REFUSED = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "enc", "zip"];

async function makeKeys() {
  const keys = await Promise.all(["ES256", "EdDSA", "RS256"].map((alg) => testKey(alg, alg)));
  const usable = parseJwks({ keys: keys.map(({ jwk }) => jwk) });
  const imported = await Promise.all(keys.map(({ jwk, alg }) => importJWK({ ...jwk }, alg)));
  return { keys, find: (kid: string) => usable.get(kid), imported };
}

/** A token that was sound once: header, claims, texts, bytes or the whole of it are changed. */
async function tokensOf(random: Random, keys: readonly TestKey[]): Promise<string[]> {
  const key = random.pick(keys), place = random.int(7);
  const changed = (here: number, value: unknown) =>
    place === here ? mutateValue(random, value) : value;
  const header = changed(1, { alg: key.alg, kid: key.kid, typ: "JWT" });
  const claims = changed(2, goodClaims({ team: "a", nested: { list: [1, "b"] } }));
  const texts = [header, claims].map((part, index) => {
    const text = JSON.stringify(part) ?? "";
    return place === 3 + index ? mutateText(random, text) : text;
  });
  const parts = texts.map((text) => {
    const bytes = new TextEncoder().encode(text);
    return encodeBase64Url(place === 5 && random.oneIn(2) ? mutateBytes(random, bytes) : bytes);
  });
  const signed = place === 5
    ? parts.map((part) => random.oneIn(2) ? mutateText(random, part) : part)
    : parts;
  const input = signed.join(".");
  const signature = encodeBase64Url(await key.sign(input));
  const token = `${input}.${signature}`;
  if (place !== 6) return [token];
  // The sound one first, so that its signature is one that the verifier remembers.
  return random.oneIn(9) ? [anyText(random)] : [token, mutateText(random, token)];
}

/** Whether a strict reader takes the token, said by jose, JSON.parse and plain conditions. */
async function isSound(token: string, { keys, imported }: Awaited<ReturnType<typeof makeKeys>>) {
  if (token.length > 16_384 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return false;
  if (token.endsWith("\n")) return false;
  const [header, claims] = token.split(".").map((part, index) => {
    const bytes = decoded(part);
    if (index === 2 || bytes === undefined) return bytes;
    const read = referenceJson(bytes);
    const isObject = "value" in read &&
      Object.prototype.toString.call(read.value) === "[object Object]";
    return isObject ? read.value : undefined;
  }) as [Record<string, unknown>?, Record<string, unknown>?];
  if (header === undefined || claims === undefined || decoded(token.split(".")[2]!) === undefined) {
    return false;
  }
  if (REFUSED.some((name) => Object.hasOwn(header, name))) return false;
  const place = keys.findIndex(({ kid }) => kid === header.kid);
  if (place < 0 || header.alg !== keys[place]!.alg || !areSound(claims)) return false;
  const options = {
    ...{ issuer: ISSUER, audience: AUDIENCE, algorithms: [keys[place]!.alg], typ: "JWT" },
    ...{ currentDate: new Date(NOW), clockTolerance: 30, maxTokenAge: 3_600 },
  };
  // jose demands a typ where it is told one; without it a token counts as a JWT (RFC 7519 §5.1).
  const { typ, ...rest } = options;
  const demanded = Object.hasOwn(header, "typ") ? { typ, ...rest } : rest;
  return await jwtVerify(token, imported[place]!, demanded).then(() => true, () => false);
}

function decoded(part: string): Uint8Array | undefined {
  try {
    const bytes: Uint8Array = decodeBase64Url(part);
    return encodeBase64Url(bytes) === part && bytes.length > 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function areSound(claims: Record<string, unknown>): boolean {
  const own = (name: string) => Object.hasOwn(claims, name) ? claims[name] : undefined;
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isTime = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const optional = (value: unknown, check: (value: unknown) => boolean) =>
    value === undefined || check(value);
  const [aud, exp, iat] = [own("aud"), own("exp") as number, own("iat") as number];
  return isText(own("iss")) && isText(own("sub")) && optional(own("jti"), isText) &&
    optional(own("nbf"), isTime) && isTime(exp) && isTime(iat) &&
    (aud === AUDIENCE || (Array.isArray(aud) && aud.length === 1)) &&
    exp > iat && exp - iat <= 3_600 && iat <= NOW_S + 30;
}

/** The verifier takes exactly the tokens that the reference takes, and reads the same claims. */
export function jwtTarget(parse: (token: string) => ParsedToken = parseCompact): Target {
  let made: ReturnType<typeof makeKeys> | undefined;
  const checked = checkedSignatures(100);
  return {
    name: "jwt",
    cases: 500,
    async run(random) {
      const keys = await (made ??= makeKeys());
      for (const token of await tokensOf(random, keys.keys)) await tryOne(token, keys);
    },
  };

  async function tryOne(
    token: string,
    keys: Awaited<ReturnType<typeof makeKeys>>,
  ): Promise<void> {
    const outcome = attempt({
      ...{ input: token, length: token.length, errors: [TokenVerificationError] },
      parse: () => parse(token),
    });
    const isOurs = "value" in outcome && await verifyParsed(outcome.value, {
      ...{ policy, keys: { find: keys.find }, checked, now: () => NOW },
    }).then(() => true, (error) => {
      ensure(error instanceof TokenVerificationError, `threw ${error}`, token);
      return false;
    });
    const isTheirs = await isSound(token, keys);
    ensure(isOurs === isTheirs, `accepted: ${isOurs}, by the reference: ${isTheirs}`, token);
    if (!isOurs || !("value" in outcome)) return;
    const payload = referenceJson(decodeBase64Url(token.split(".")[1]!));
    const same = "value" in payload && spelled(payload.value) === spelled(outcome.value.claims);
    ensure(same, "read other claims than the reference", token);
  }
}
