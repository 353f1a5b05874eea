/** Google's Security Token Service: what it demands, in the words it uses when it refuses. */
import {
  audiencesOf,
  decodeToken,
  type RawToken,
  readIssuer,
  signatureHolds,
} from "../read_issuer.ts";
import { grant, type PoolProvider, StsFault, type World } from "./world.ts";

const urn = "urn:ietf:params:oauth";
const skew = 60;
const jwkMembers = ["kty", "alg", "use", "kid", "n", "e", "x", "y", "crv"];

/** Exchanges a subject token. */
export async function answerSts(request: Request, world: World): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  expect(form, "grant_type", [`${urn}:grant-type:token-exchange`]);
  expect(form, "requested_token_type", [`${urn}:token-type:access_token`]);
  expect(form, "subject_token_type", [`${urn}:token-type:jwt`, `${urn}:token-type:id_token`]);
  const provider = providerOf(form.get("audience") ?? "", world);
  const { claims } = await checkToken(form.get("subject_token") ?? "", provider, world);
  const left = Number(claims.exp) - Math.floor(world.now() / 1000);
  if (left <= 1) throw new StsFault("internal_failure", "Internal error", 500);
  const seconds = Math.min(left, 3_600) - 1;
  const pool = provider.name.replace(/^\/\//, "").replace(/\/providers\/.*/, "");
  const access_token = grant(world, {
    principal: `principal://${pool}/subject/${subjectOf(claims, provider)}`,
    scopes: (form.get("scope") ?? "").split(" "),
    expiresAt: world.now() + seconds * 1000,
  });
  return Response.json({
    access_token,
    issued_token_type: `${urn}:token-type:access_token`,
    token_type: "Bearer",
    expires_in: seconds,
  });
}

function expect(form: URLSearchParams, name: string, values: readonly string[]): void {
  if (form.getAll(name).length === 1 && values.includes(form.get(name)!)) return;
  throw new StsFault("invalid_request", `Invalid value for "${name}".`);
}

function providerOf(audience: string, world: World): PoolProvider {
  const shape =
    /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/;
  if (!shape.test(audience)) {
    throw new StsFault(
      "invalid_request",
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider.',
    );
  }
  const found = world.providers.find(({ name }) => name === audience);
  if (found && !found.disabled) return found;
  throw new StsFault(
    "invalid_target",
    'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
  );
}

async function checkToken(token: string, provider: PoolProvider, world: World): Promise<RawToken> {
  const raw = decodeToken(token);
  if (!raw) throw invalid("The ID Token is not a valid JWT.");
  const { claims } = raw;
  if (claims.iss !== provider.issuer) {
    throw invalid(
      `The issuer in ID Token ${claims.iss} does not match the expected ones: ${provider.issuer}`,
    );
  }
  await checkSignature(token, raw, provider);
  checkTimes(raw, Math.floor(world.now() / 1000));
  checkAudience(claims, provider);
  if (provider.condition && !provider.condition(claims)) {
    throw new StsFault(
      "unauthorized_client",
      "The given credential is rejected by the attribute condition.",
    );
  }
  if (new TextEncoder().encode(subjectOf(claims, provider)).length > 127) {
    throw invalid("The size of mapped attribute google.subject exceeds the 127 bytes limit.");
  }
  return raw;
}

const invalid = (text: string): StsFault => new StsFault("invalid_grant", text);

async function checkSignature(
  token: string,
  { header, claims }: RawToken,
  provider: PoolProvider,
): Promise<void> {
  const alg = String(header.alg);
  const unreachable = invalid("Error connecting to the given credential's issuer.");
  const uploaded = provider.jwks?.keys;
  if (uploaded?.some((key) => Object.keys(key).some((name) => !jwkMembers.includes(name)))) {
    throw unreachable;
  }
  const keys = uploaded ?? (await readIssuer(String(claims.iss)))?.keys;
  const key = keys?.find(({ kid }) => kid !== undefined && kid === header.kid);
  if (!key || !["RS256", "ES256"].includes(alg)) throw unreachable;
  if (!await signatureHolds(token, key, alg)) {
    throw invalid("Unable to verify the ID Token signature.");
  }
}

function checkTimes({ claims, payload }: RawToken, now: number): void {
  const { iat, exp } = claims;
  const fraction = /"(?:iat|exp|nbf)"\s*:\s*\d+[.eE]/.test(payload);
  if (!Number.isInteger(iat) || !Number.isInteger(exp) || fraction) {
    throw invalid("ID Token issued at null is stale to sign-in.");
  }
  if (Number(iat) > now + skew || Number(exp) < now - skew) {
    throw invalid(`ID Token issued at ${iat} is stale to sign-in.`);
  }
}

function checkAudience(claims: Record<string, unknown>, provider: PoolProvider): void {
  const listed = provider.allowedAudiences ?? [];
  const expected = listed.length ? listed : [provider.name, `https:${provider.name}`];
  const audiences = audiencesOf(claims);
  if (audiences.some((audience) => expected.includes(String(audience)))) return;
  throw invalid(
    `The audience in ID Token [${audiences.join(", ")}] does not match the expected audience.`,
  );
}

function subjectOf(claims: Record<string, unknown>, provider: PoolProvider): string {
  const subject = provider.subject?.(claims) ?? claims.sub;
  if (typeof subject === "string" && subject) return subject;
  throw new StsFault(
    "unauthorized_client",
    "The given credential is rejected by the attribute condition.",
  );
}
